"""Which stops can be reached by at most 2^k rides?"""
import numpy as np


def rides(stops, seed):
    g = np.random.default_rng(seed)
    m = np.eye(stops)
    for _ in range(4):
        m[np.arange(stops), g.permutation(stops)] = 1.0
    return m


def spread(m, rounds):
    share = []
    for _ in range(rounds):
        share.append(np.count_nonzero(m) / m.size)
        m = m @ m
        np.minimum(m, 1.0, out=m)
    return m, share


def main():
    for seed in (1, 2):
        m, share = spread(rides(1200, seed), 6)
        print(seed, [f"{s:.4f}" for s in share], int(m.sum()))


main()
