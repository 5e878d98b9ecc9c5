import os
import tempfile

import numpy as np


def store(path, n):
    gen = np.random.default_rng(44)
    gen.lognormal(0.3, 0.9, n).tofile(path)


def grades(path):
    g = np.fromfile(path)
    g.sort()
    return g


def main():
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, "assays.f8")
        store(path, 8_000_000)
        g = grades(path)
    for q in (0.05, 0.5, 0.95, 0.999):
        print(f"{q:5.3f} {g[int(q * (g.size - 1))]:.12f}")


main()
