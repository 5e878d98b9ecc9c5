"""Similarity of choir recordings, one worker per core."""
import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from multiprocessing import Pool

import numpy as np


def voices(k):
    rng = np.random.default_rng(k)
    return rng.normal(0, 1, (700, 500)) + np.sin(np.arange(500) / (k + 3))


def blend(k):
    v = voices(k)
    c = v @ v.T / v.shape[1]
    for _ in range(6):
        c = c @ c
        c /= np.linalg.norm(c)
    return k, float(np.trace(c))


if __name__ == "__main__":
    with Pool(2) as pool:
        out = pool.map(blend, range(18))
    print(len(out), round(sum(t for _, t in out), 4))
