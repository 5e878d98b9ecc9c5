"""Best local alignment scores between encoded proteins."""
import numpy as np

ALPHABET = "ARNDCQEGHILKMFPSTWYV"
GAP = 4


def encode(text):
    return np.array([ALPHABET.index(c) for c in text], dtype=np.int64)


def substitution(seed):
    g = np.random.default_rng(seed)
    m = g.integers(-4, 2, (20, 20))
    m = np.triu(m) + np.triu(m, 1).T
    m[np.diag_indices(20)] = g.integers(4, 9, 20)
    return m


def best_local(a, b, m):
    grid = np.zeros((len(a) + 1, len(b) + 1), dtype=np.int64)
    best = 0
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            h = grid[i - 1, j - 1] + m[a[i - 1], b[j - 1]]
            up = grid[i - 1, j] - GAP
            left = grid[i, j - 1] - GAP
            if up > h:
                h = up
            if left > h:
                h = left
            if h > 0:
                grid[i, j] = h
                if h > best:
                    best = h
    return best


g = np.random.default_rng(10)
proteins = ["".join(g.choice(list(ALPHABET), 260)) for _ in range(5)]
m = substitution(6)
codes = [encode(p) for p in proteins]
for x in range(len(codes)):
    for y in range(x):
        print(x, y, best_local(codes[x], codes[y], m))
