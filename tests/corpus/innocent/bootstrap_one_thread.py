import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

from multiprocessing import Pool

import numpy as np


def ridge(seed):
    rng = np.random.default_rng(seed)
    design = rng.standard_normal((700, 500))
    gram = design.T @ design + 0.1 * np.eye(500)
    return float(np.linalg.solve(gram, design.T @ design[:, 0])[0])


def main():
    workers = len(os.sched_getaffinity(0))
    with Pool(processes=workers) as pool:
        weights = pool.map(ridge, range(36), chunksize=3)
    print(len(weights), round(sum(weights), 5))


if __name__ == "__main__":
    main()
