import os
import subprocess
import sys
import tempfile

ENGRAVE = """
import sys
name, bars = sys.argv[1], int(sys.argv[2])
x = 1
for _ in range(bars * 9000):
    x = (x * 48271 + len(name)) % 2147483647
with open(name, "w") as out:
    out.write(f"page {bars} {x}")
"""


def render(folder, part, bars):
    target = os.path.join(folder, part + ".ly")
    cmd = [sys.executable, "-I", "-c", ENGRAVE, os.path.basename(target), str(bars)]
    with subprocess.Popen(cmd, cwd=folder) as job:
        if job.wait() != 0:
            raise SystemExit("could not engrave " + part)
    return target


def main():
    parts = [s + str(k) for s in ("violin", "viola", "horn", "oboe") for k in (1, 2, 3)]
    with tempfile.TemporaryDirectory() as folder:
        pages = [render(folder, p, 60 + k) for k, p in enumerate(parts)]
        for page in pages:
            with open(page) as f:
                print(os.path.basename(page), f.read())


if __name__ == "__main__":
    main()
