import os

for knob in ("OPENBLAS", "OMP", "MKL"):
    os.environ[knob + "_NUM_THREADS"] = "1"

from multiprocessing import Pool

import numpy as np


def kinship(seed):
    g = np.random.default_rng(seed)
    geno = g.integers(0, 3, (420, 900)).astype(float)
    geno -= geno.mean(axis=0)
    k = geno @ geno.T / geno.shape[1]
    top = 0.0
    for _ in range(8):
        k = k @ k
        top = np.linalg.norm(k)
        k /= top
    values = np.linalg.eigvalsh(k)
    return round(float(values[-1]), 6), round(float(np.log(top)), 5)


if __name__ == "__main__":
    with Pool(2) as pool:
        found = pool.map(kinship, range(24))
    print("families", len(found))
    print("largest", max(found), "smallest", min(found))
