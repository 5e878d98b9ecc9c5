import pathlib
import subprocess
import sys
import tempfile

STEP = """
import sys, time
path, op, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
last = open(path).read().split()[-1]
time.sleep(0.05)
value = int(last)
value = value + n if op == "add" else value * n % 10007
open(path, "a").write(f" {value}")
"""


def migrate(journal, plan):
    for op, n in plan:
        subprocess.run([sys.executable, "-S", "-c", STEP, str(journal), op, str(n)], check=True)


def main():
    plan = [("add", 5), ("mul", 7), ("add", 12), ("mul", 3)] * 3
    with tempfile.TemporaryDirectory() as d:
        journal = pathlib.Path(d, "journal")
        journal.write_text("1")
        migrate(journal, plan)
        values = journal.read_text().split()
    print(len(values), values[-4:])


main()
