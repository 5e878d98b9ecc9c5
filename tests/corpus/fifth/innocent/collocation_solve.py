"""Eigen-modes of a beam by polynomial collocation."""
import numpy as np


def chebyshev(n):
    x = np.cos(np.pi * np.arange(n + 1) / n)
    c = np.ones(n + 1)
    c[[0, -1]] = 2
    c *= (-1.0) ** np.arange(n + 1)
    gap = x[:, None] - x[None, :] + np.eye(n + 1)
    d = np.outer(c, 1 / c) / gap
    return d - np.diag(d.sum(axis=1)), x


def response(n, frequency):
    d, x = chebyshev(n)
    d2 = (d @ d)[1:-1, 1:-1]
    a = d2 + frequency ** 2 * np.eye(n - 1)
    u = np.linalg.solve(a, np.exp(4 * x[1:-1]))
    return np.abs(u).max(), np.linalg.norm(u, 2)


def scan(n, frequencies):
    for f in frequencies:
        yield (f, *response(n, f))


for f, top, norm in scan(260, np.linspace(1.0, 9.0, 30)):
    if round(f * 10) % 3 == 0:
        print(f"{f:.4f} {top:.10e} {norm:.10e}")
print("done")
