from concurrent.futures import ThreadPoolExecutor
from itertools import product
import os
import numpy as np

rng = np.random.default_rng(44)
X = rng.standard_normal((420, 12))
y = np.sin(X[:, 0]) + 0.3 * X[:, 1] + 0.1 * rng.standard_normal(420)
train, test = slice(0, 320), slice(320, None)


def evaluate(params):
    gamma, ridge = params
    sq = (X * X).sum(1)
    k = np.exp(-gamma * (sq[:, None] + sq[None] - 2 * X @ X.T))
    alpha = np.linalg.solve(k[train, train] + ridge * np.eye(320), y[train])
    pred = k[test, train] @ alpha
    return float(((pred - y[test]) ** 2).mean()), params


grid = list(product(np.logspace(-3, 0, 6), np.logspace(-3, 0, 5)))
with ThreadPoolExecutor(max_workers=2 * (os.cpu_count() or 2)) as ex:
    scored = list(ex.map(evaluate, grid))
mse, (gamma, ridge) = min(scored)
print(len(scored), f"mse {mse:.6f} gamma {gamma:.4f} ridge {ridge:.4f}")
