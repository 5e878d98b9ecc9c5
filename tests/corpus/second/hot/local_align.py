import numpy as np

GAP = -3


def encode(n, seed):
    return np.random.default_rng(seed).integers(0, 4, n)


def related(seq, seed):
    g = np.random.default_rng(seed)
    out = seq.copy()
    spots = g.random(out.size) < 0.2
    out[spots] = g.integers(0, 4, int(spots.sum()))
    return out[30:]


def best_local(a, b, match, mismatch):
    m, n = len(a), len(b)
    h = np.zeros((m + 1, n + 1), dtype=np.int64)
    best = 0
    where = (0, 0)
    for i in range(1, m + 1):
        for j in range(1, n + 1):
            s = h[i - 1, j - 1] + (match if a[i - 1] == b[j - 1] else mismatch)
            s = max(s, h[i - 1, j] + GAP, h[i, j - 1] + GAP, 0)
            h[i, j] = s
            if s > best:
                best = s
                where = (i, j)
    return int(best), where


query = encode(850, 1)
for label, target in [("mutant", related(query, 2)), ("random", encode(700, 3))]:
    score, end = best_local(query, target, 2, -1)
    print(f"{label}: score {score} ends at {end}")
