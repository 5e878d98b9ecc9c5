import numpy as np


def contacts(n, per, seed):
    rng = np.random.default_rng(seed)
    m = np.zeros((n, n))
    for i in range(n):
        m[i, rng.integers(0, n, per)] = rng.random(per)
    m += np.eye(n)
    return m / m.sum(axis=1, keepdims=True)


def long_run(m, doublings):
    densities = []
    for _ in range(doublings):
        m = m @ m
        densities.append(round(float((m[:50] > 0).mean()), 3))
    return m, densities


m, dens = long_run(contacts(1100, 12, 9), 14)
print(dens)
print(f"{m[0].max():.6e} {m[:, 0].std():.3e}"[:12], int(m[0].argmax()))
