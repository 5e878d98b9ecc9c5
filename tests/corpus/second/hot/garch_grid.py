import itertools
import math

import numpy as np


def returns(n=6000):
    g = np.random.default_rng(99)
    eps = g.standard_normal(n)
    out = np.empty(n)
    var = 1e-4
    for t in range(n):
        out[t] = math.sqrt(var) * eps[t]
        var = 2e-6 + 0.08 * out[t] ** 2 + 0.9 * var
    return out


def neg_loglik(omega, alpha, beta, r):
    var = r.var()
    total = 0.0
    for x in r:
        total += 0.5 * (math.log(var) + x * x / var)
        var = omega + alpha * x * x + beta * var
    return total


def search(r):
    best = None
    grid = itertools.product(
        (1e-6, 2e-6, 4e-6), np.linspace(0.04, 0.14, 11), np.linspace(0.80, 0.94, 15)
    )
    for omega, alpha, beta in grid:
        if alpha + beta >= 0.999:
            continue
        score = neg_loglik(omega, float(alpha), float(beta), r)
        if best is None or score < best[0]:
            best = (score, omega, float(alpha), float(beta))
    return best


score, omega, alpha, beta = search(returns())
print(f"omega={omega:.1e} alpha={alpha:.2f} beta={beta:.2f} nll={score:.2f}")
