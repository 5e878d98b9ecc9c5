"""Strength of violin plates, each plate in a worker of its own."""
import os

for name in ("OPENBLAS", "OMP", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"

from concurrent.futures import ProcessPoolExecutor
import numpy as np


def plate(seed):
    rng = np.random.default_rng(seed)
    m = rng.standard_normal((520, 520))
    return (m + m.T) / 2


def stiffness(seed):
    m = plate(seed)
    for _ in range(6):
        m = m @ m / np.abs(m).max()
        m = m / np.linalg.norm(m)
    return round(float(np.linalg.eigvalsh(m)[-1]), 8)


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as bench:
        values = list(bench.map(stiffness, range(20)))
    print(len(values), values[0], max(values))
