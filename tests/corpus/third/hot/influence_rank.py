import numpy as np


def follow_matrix(users, mean_follows, seed):
    rng = np.random.default_rng(seed)
    m = np.zeros((users, users))
    for u in range(users):
        k = rng.integers(1, 2 * mean_follows)
        m[rng.choice(users, k, replace=False), u] = 1.0 / k
    return m


def power_rank(step, damping=0.9, tol=1e-13, cap=150):
    n = step.shape[0]
    r = np.full(n, 1.0 / n)
    for turn in range(cap):
        new = damping * (step @ r) + (1 - damping) / n
        delta = np.abs(new - r).sum()
        r = new
        if delta < tol:
            break
    return r, turn


links = follow_matrix(3600, 12, 40)
total = np.zeros(3600)
for damping in (0.8, 0.85, 0.9, 0.95):
    r, turns = power_rank(links, damping)
    total += r
    print(damping, turns, int(r.argmax()))
print(np.argsort(-total, kind="stable")[:5].tolist())
