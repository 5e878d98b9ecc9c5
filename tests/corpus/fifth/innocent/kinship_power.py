"""Mixing of a population: kinship after many generations of random mating."""
import numpy as np


def pairing(n, seed):
    """Each child takes half from two parents."""
    g = np.random.default_rng(seed)
    m = np.zeros((n, n))
    for child in range(n):
        a, b = g.choice(n, 2, replace=False)
        m[child, a] += 0.5
        m[child, b] += 0.5
    return m


def generations(n, count):
    share = np.eye(n)
    for k in range(count):
        share = pairings[k % len(pairings)] @ share
    return share


N = 1000
pairings = [np.linalg.matrix_power(pairing(N, s), 12) for s in range(3)]
share = generations(N, 24)
live = int((share.sum(axis=0) > 1e-9).sum())
print(share.shape, live, f"{share.max():.11f}", f"{(share > 0).mean():.3f}")
