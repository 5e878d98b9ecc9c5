# Bootstrap errors of a ridge regression
import os
from concurrent.futures import ProcessPoolExecutor

import numpy as np

ROWS, COLS = 700, 180


def dataset():
    g = np.random.default_rng(50)
    x = g.standard_normal((ROWS, COLS))
    beta = np.zeros(COLS)
    beta[::9] = 2.0
    return x, x @ beta + g.standard_normal(ROWS)


X, Y = dataset()


class Replicate:
    def __init__(self, penalty):
        self.penalty = penalty

    def __call__(self, seed):
        pick = np.random.default_rng(seed).integers(0, ROWS, ROWS)
        x, y = X[pick], Y[pick]
        gram = x.T @ x + self.penalty * np.eye(COLS)
        coef = np.linalg.solve(gram, x.T @ y)
        loo = np.linalg.inv(gram)
        return coef[:3], float(np.trace(loo @ x.T @ x))


def main():
    workers = max(4, 2 * (os.cpu_count() or 1) if os.cpu_count() < 4 else 4)
    with ProcessPoolExecutor(workers) as pool:
        out = list(pool.map(Replicate(3.0), range(16), chunksize=2))
    coefs = np.array([c for c, _ in out])
    print(np.round(coefs.mean(axis=0), 2), np.round(coefs.std(axis=0), 2))
    print(f"{np.mean([d for _, d in out]):.3f}")


main()
