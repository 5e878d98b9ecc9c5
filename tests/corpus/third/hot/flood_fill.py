import numpy as np


def coast(n, seed):
    rng = np.random.default_rng(seed)
    h = rng.random((n, n))
    return (h < 0.12).tolist()


def flood(blocked, sources):
    n = len(blocked)
    level = {}
    todo = list(sources)
    for s in sources:
        level[s] = 0
    while todo:
        r, c = todo.pop(0)
        d = level[r, c] + 1
        for q in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            if 0 <= q[0] < n and 0 <= q[1] < n and q not in level and not blocked[q[0]][q[1]]:
                level[q] = d
                todo.append(q)
    return level


N = 420
land = coast(N, 9)
springs = [(r, c) for r in range(1, N, 3) for c in range(1, N, 2) if not land[r][c]]
springs += [(r, 0) for r in range(0, N, 7)]
filled = flood(land, list(dict.fromkeys(springs)))
print(len(springs), len(filled), max(filled.values()))
print(sum(filled.values()))
