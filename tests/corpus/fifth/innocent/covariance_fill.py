# Gaussian-process interpolation of rainfall stations
import numpy as np


def stations(n, seed):
    g = np.random.default_rng(seed)
    xy = g.uniform(0, 100, (n, 2))
    rain = 40 + 10 * np.sin(xy[:, 0] / 9) + g.normal(0, 1, n)
    return xy, rain


def kernel(xy, scale):
    n = len(xy)
    k = np.zeros((n, n))
    for i in range(n):
        d2 = ((xy - xy[i]) ** 2).sum(axis=1)
        k[i] = 25 * np.exp(-d2 / (2 * scale ** 2))
    k[np.diag_indices(n)] += 1.0
    return k


def fit(xy, rain, scale):
    k = kernel(xy, scale)
    low = np.linalg.cholesky(k)
    alpha = np.linalg.solve(k, rain - rain.mean())
    return -0.5 * float((rain - rain.mean()) @ alpha) - float(np.log(np.diag(low)).sum())


xy, rain = stations(700, 4)
for scale in (6, 8, 10, 12, 14):
    print(scale, f"{fit(xy, rain, scale):.2f}")
