import subprocess
import sys
from pathlib import PurePosixPath

RENDER = """
import sys
z, x = int(sys.argv[1]), int(sys.argv[2])
acc = 0
for k in range(900000):
    acc = (acc * 31 + k * z + x) % 1000003
print(acc)
"""


def tile_name(z, x):
    return PurePosixPath("tiles") / str(z) / f"{x}.png"


def render(z, x):
    done = subprocess.run([sys.executable, "-S", "-c", RENDER, str(z), str(x)],
                          capture_output=True, text=True, check=True)
    return int(done.stdout)


def sheet(z):
    sums = []
    for x in range(10):
        sums.append((tile_name(z, x), render(z, x)))
    return sums


for path, checksum in sheet(7):
    print(path, checksum)
