import os

for key in ("OPENBLAS", "MKL", "OMP"):
    os.environ[key + "_NUM_THREADS"] = "1"

from multiprocessing import Pool

import numpy as np


def stiffness(lines, seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(lines, lines))
    return a @ a.T / lines + np.eye(lines) * (1 + seed % 3)


def slowest(seed):
    k = stiffness(420, seed)
    vals, vecs = np.linalg.eigh(k)
    return float(vals[0]), float(np.abs(vecs[:, 0]).max())


def main():
    with Pool(2) as pool:
        modes = pool.map(slowest, range(24), chunksize=2)
    low = min(modes)
    print(len(modes), f"{low[0]:.6f}", f"{sum(m[1] for m in modes):.6f}")


if __name__ == "__main__":
    main()
