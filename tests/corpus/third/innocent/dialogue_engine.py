import subprocess
import sys

ENGINE = """
import sys
for line in sys.stdin:
    n = int(line)
    for _ in range(60000):
        n = (n * 75 + 74) % 65537
    print(n, flush=True)
"""


class Engine:
    def __enter__(self):
        self.p = subprocess.Popen([sys.executable, "-S", "-c", ENGINE], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        return self

    def ask(self, n):
        self.p.stdin.write(f"{n}\n")
        self.p.stdin.flush()
        return int(self.p.stdout.readline())

    def __exit__(self, *exc):
        self.p.stdin.close()
        self.p.wait()
        self.p.stdout.close()


with Engine() as eng:
    n, seen = 7, []
    for turn in range(160):
        n = eng.ask(n + turn)
        seen.append(n)
print(len(seen), seen[:3], seen[-1])
