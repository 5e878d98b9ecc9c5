import os
import tempfile
import numpy as np


def declare(path, parts, each):
    with open(path, "wb") as out:
        for k in range(parts):
            rng = np.random.default_rng(k)
            rng.integers(0, 90_000_000_000, each, dtype=np.int64).tofile(out)


def shares(path):
    cents = np.fromfile(path, dtype=np.int64)
    cents.sort(kind="stable")
    n = cents.size
    tenths = [int(cents[k * n // 10]) for k in range(1, 10)]
    top = int(cents[-n // 100:].sum())
    return tenths, top


def main():
    fd, path = tempfile.mkstemp()
    os.close(fd)
    try:
        declare(path, 8, 1_000_000)
        tenths, top = shares(path)
    finally:
        os.unlink(path)
    print(tenths[4], tenths[8], top)


if __name__ == "__main__":
    main()
