"""Compile each plugin in an interpreter of its own, as the CI does."""
import subprocess
import sys

PLUGINS = {f"plugin_{i}": f"x{i} = [n * {i} for n in range(40)]\nprint(sum(x{i}))" for i in range(8)}
BURN = "t = 0\nfor k in range(900_000):\n    t += k & 7\n"


def check(name, source):
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", BURN + source],
        capture_output=True, text=True, check=False)
    return name, done.returncode, done.stdout.strip()


def main():
    results = []
    for name, source in PLUGINS.items():
        results.append(check(name, source))
    failed = [r for r in results if r[1]]
    for name, rc, out in results:
        print(f"{name:10s} rc={rc} {out}")
    print(len(failed), "failed")


main()
