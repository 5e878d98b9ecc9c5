import argparse
import itertools
import subprocess


class Bot:
    def __init__(self, name, strength):
        self.name = name
        self.strength = strength


def match(a, b):
    script = f"sleep 0.12; expr \\( {a.strength} \\* 13 + {b.strength} \\* 7 \\) % 100"
    proc = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, text=True)
    out, _ = proc.communicate()
    return int(out)


cli = argparse.ArgumentParser()
cli.add_argument("--bots", type=int, default=5)
opts = cli.parse_args()

bots = [Bot(n, 11 + 9 * k) for k, n in enumerate("abcdefg"[:opts.bots])]
table = {b.name: 0 for b in bots}
for a, b in itertools.combinations(bots, 2):
    points = match(a, b)
    winner = a if points % 2 else b
    table[winner.name] += points
print(table)
