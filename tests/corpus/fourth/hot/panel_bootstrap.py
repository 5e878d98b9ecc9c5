"""Bootstrap of the leading factor of a returns panel."""
import multiprocessing as mp

import numpy as np

DAYS, FUNDS = 420, 260


def panel():
    rng = np.random.default_rng(10)
    return rng.normal(0, 1, (DAYS, 1)) * rng.uniform(0, 1, FUNDS) + rng.normal(0, 1, (DAYS, FUNDS))


def replicate(seed):
    rng = np.random.default_rng(seed)
    data = panel()[rng.integers(0, DAYS, DAYS)]
    data = data - data.mean(axis=0)
    cov = data.T @ data / DAYS
    for _ in range(25):
        cov = cov @ cov
        cov = cov / np.trace(cov)
    return float(np.sqrt(cov.diagonal().max()))


if __name__ == "__main__":
    with mp.Pool(2) as pool:
        tops = pool.map(replicate, range(10))
    print(len(tops), round(np.mean(tops), 4), round(np.std(tops), 3))
