"""Leading subspace of a covariance by orthogonal iteration."""
import numpy as np


def covariance(n, seed):
    g = np.random.default_rng(seed)
    x = g.standard_normal((n, n)) + np.linspace(0, 4, n)[:, None]
    return x @ x.T / n


def subspace(c, k, passes):
    q = np.eye(c.shape[0], k)
    previous = 0.0
    for i in range(passes):
        z = c @ q
        q, r = np.linalg.qr(z)
        now = float(np.abs(np.diag(r)).sum())
        if abs(now - previous) < 1e-15 * now:
            break
        previous = now
    return previous, i


c = covariance(600, 30)
value, passes = subspace(c, 50, 20)
print(f"{value:.10e}", passes)
