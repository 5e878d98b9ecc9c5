import numpy as np


def purchases(n, seed):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2**52, n)


def bands(keys, salt):
    mixed = np.sort((keys * 3 + salt) ^ (keys >> 7))
    n = mixed.shape[0]
    edges = mixed[n // 10::n // 10]
    return edges, int((mixed[1:] == mixed[:-1]).sum())


keys = purchases(3_000_000, 18)
for salt in (1, 77, 4242, 99991, 31, 65, 8, 12345, 500):
    edges, ties = bands(keys, salt)
    print(salt, int(edges[4]), ties)
