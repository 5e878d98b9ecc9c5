import subprocess
import sys
from pathlib import PurePath

CHECKER = "import sys\nn=int(sys.argv[1])\ns=0\nfor i in range(900000): s=(s*31+i*n)%1000003\nprint(n, s)"


def command(job):
    return [sys.executable, "-I", "-S", "-c", CHECKER, str(job)]


def check(jobs):
    verdicts = {}
    for job in jobs:
        done = subprocess.run(command(job), capture_output=True, text=True, check=True)
        name, value = done.stdout.split()
        verdicts[PurePath(f"src/part{name}.c")] = int(value)
    return verdicts


if __name__ == "__main__":
    result = check(range(1, 13))
    odd = [p.name for p, v in result.items() if v % 2]
    print(len(result), "checked;", len(odd), "odd:", odd[:3])
