import numpy as np


def board(size, seed):
    g = np.random.default_rng(seed)
    jump = {}
    for a, b in g.integers(1, size - 1, (size // 15, 2)):
        jump[int(a)] = int(b)
    return jump


def chances(size, jump):
    t = np.zeros((size, size))
    for here in range(size - 1):
        for pips in range(1, 7):
            to = min(here + pips, size - 1)
            t[here, jump.get(to, to)] += 1 / 6
    return t


def turns_left(t):
    live = t.shape[0] - 1
    lhs = np.eye(live) - t[:live, :live]
    return np.linalg.solve(lhs, np.ones(live))


for seed in (3, 8):
    size = 2400
    expected = turns_left(chances(size, board(size, seed)))
    print(f"board {seed}: {expected[0]:.3f} turns from the start, worst square {expected.max():.3f}")
