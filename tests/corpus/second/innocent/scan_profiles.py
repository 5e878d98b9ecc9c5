"""Spread of a few large coverage tracks."""
import numpy as np


def track(k, base=np.random.default_rng(70).poisson(30, 400_000)):
    return np.roll(np.tile(base, 20), k * 999)


def profile(values):
    return int(values.max()), int(values.min()), int(values.sum())


def main():
    first = [track(k) for k in range(3)]
    tops = []
    for sweep in range(24):
        rows = [profile(v) for v in first]
        first[sweep % 3][sweep] = 400 + sweep
        tops.append(max(r[0] for r in rows))
    print("tops", tops[:2], tops[-2:])
    print("sum", rows[-1][2])


main()
