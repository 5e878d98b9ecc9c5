"""Follow the progress of one external solver."""
import subprocess
import sys

SOLVER = """
x = 1.0
for it in range(30):
    for _ in range(150000):
        x = x - (x * x - 7.0) / (2.0 * x + 1.0)
    print(it, round(x, 9), flush=True)
"""


class Monitor:
    def __init__(self):
        self.rows = []

    def feed(self, line):
        it, value = line.split()
        self.rows.append((int(it), float(value)))


monitor = Monitor()
with subprocess.Popen([sys.executable, "-S", "-c", SOLVER], stdout=subprocess.PIPE, text=True) as p:
    for line in p.stdout:
        monitor.feed(line)
print("exit", p.returncode, "rows", len(monitor.rows), "last", monitor.rows[-1])
