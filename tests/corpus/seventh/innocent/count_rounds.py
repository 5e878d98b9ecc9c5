import subprocess
import sys

ROUND = """
import sys
votes = dict(p.split('=') for p in sys.stdin.read().split())
votes = {k: int(v) for k, v in votes.items()}
out = min(sorted(votes), key=votes.get)
spare = votes.pop(out)
acc = 1
for i in range(400000):
    acc = acc * 1103515245 % 2147483647
for i, k in enumerate(sorted(votes)):
    votes[k] += (spare * (i + 1) + acc) % (spare + 1) // len(votes)
print(' '.join(f'{k}={v}' for k, v in votes.items()))
"""


def tabulate(sheet):
    done = subprocess.run([sys.executable, "-S", "-c", ROUND], input=sheet,
                          capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main():
    sheet = " ".join(f"{chr(65 + i)}={900 + i * 211 % 389}" for i in range(13))
    rounds = 0
    while sheet.count("=") > 2:
        sheet = tabulate(sheet)
        rounds += 1
    print(rounds, sheet)


main()
