"""Play nim against an engine program over its pipes."""
import subprocess
import sys

ENGINE = """
import sys, hashlib
for line in sys.stdin:
    piles = [int(x) for x in line.split()]
    d = line.encode()
    for _ in range(25_000):
        d = hashlib.md5(d).digest()
    k = piles.index(max(piles))
    print(k, 1 + d[0] % min(3, piles[k]), flush=True)
"""


class Engine:
    def __init__(self):
        self.proc = subprocess.Popen([sys.executable, "-c", ENGINE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def best(self, piles):
        self.proc.stdin.write(" ".join(map(str, piles)) + "\n")
        self.proc.stdin.flush()
        return map(int, self.proc.stdout.readline().split())

    def quit(self):
        self.proc.stdin.close()
        self.proc.stdout.close()
        return self.proc.wait()


engine = Engine()
piles = [41, 38, 29]
moves = 0
while any(piles):
    k, n = engine.best(piles)
    piles[k] -= n
    if any(piles):
        mine = min(range(3), key=lambda i: (piles[i] == 0, piles[i]))
        piles[mine] -= 1
    moves += 1
print("engine moves", moves, "exit", engine.quit())
