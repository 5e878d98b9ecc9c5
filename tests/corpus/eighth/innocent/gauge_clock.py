"""Gaps in the clock of a rain gauge network."""
import numpy as np

START = 1_700_000_000.0


def clock(n):
    tick = np.arange(n, dtype=np.float64)
    tick *= 0.25
    tick += START
    tick[n // 3:] += 0.875
    tick[2 * n // 3:] += 1.375
    return tick


def gaps(stamp, tolerance):
    late = np.diff(stamp) - 0.25
    return np.flatnonzero(np.abs(late) > tolerance), late.sum()


stamps = clock(6_000_000)
total = 0.0
for shift in range(9):
    where, lost = gaps(stamps + shift, 0.01)
    total += lost
print(where.tolist(), round(total, 4))
print(f"{stamps[-1]:.3f}")
