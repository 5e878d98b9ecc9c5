import numpy as np


def items(n, d, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 0.25, (n, d)) + 0.4


def affinity(x, cut):
    g = np.zeros((len(x), len(x)))
    raw = x @ x.T
    strong = raw > cut
    g[strong] = raw[strong]
    return g / g.sum(axis=1, keepdims=True)


def diffuse(p, hops):
    acc = p
    for _ in range(hops):
        acc = 0.5 * (acc @ p) + 0.5 * p
    return acc


p = affinity(items(1000, 16, 6), 2.0)
m = diffuse(p, 16)
print(p.shape, f"{m.trace():.6f}")
print(np.argsort(-m.sum(axis=0), kind="stable")[:4].tolist())
