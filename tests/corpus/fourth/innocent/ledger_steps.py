import subprocess
import sys
import tempfile
from pathlib import Path

STEP = """
import sys
path, day = sys.argv[1], int(sys.argv[2])
with open(path) as f:
    balance = int(f.read().split()[-1])
with open(path, "a") as f:
    f.write(f"{day} {balance * 101 // 100 + day}\\n")
"""


class Bank:
    def __init__(self, path):
        self.path = path
        path.write_text("0 10000\n")

    def close_day(self, day):
        subprocess.check_call([sys.executable, "-S", "-c", STEP, str(self.path), str(day)])


with tempfile.TemporaryDirectory() as d:
    bank = Bank(Path(d) / "ledger.txt")
    for day in range(1, 81):
        bank.close_day(day)
    lines = bank.path.read_text().splitlines()
print(len(lines), lines[-1])
