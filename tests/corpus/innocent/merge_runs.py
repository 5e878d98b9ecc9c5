import numpy as np


def jumble(count):
    return np.arange(count, dtype=np.int64) * 7_368_787 % 2_147_483_647


def unique_sorted(values):
    if len(values) <= 2_000:
        return np.unique(values)
    middle = len(values) // 2
    halves = np.concatenate((unique_sorted(values[:middle]), unique_sorted(values[middle:])))
    return np.unique(halves)


result = unique_sorted(jumble(500_000) % 300_007)
print(len(result), int(result[::1000].sum()))
