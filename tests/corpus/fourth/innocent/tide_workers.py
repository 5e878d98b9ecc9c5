"""High waters per harbour from harmonic constants, harbours in parallel."""
from concurrent.futures import ProcessPoolExecutor

import numpy as np

SPEEDS = (28.984, 30.0, 28.44, 15.041, 13.943, 57.968)


def high_waters(harbour):
    rng = np.random.default_rng(harbour)
    hours = np.arange(0, 24 * 365 * 2, 0.05)
    level = np.zeros_like(hours)
    for v in SPEEDS:
        amp, phase = rng.uniform(0.1, 1.5), rng.uniform(0, 360)
        level += amp * np.cos(np.radians(v * hours - phase))
    up = np.sign(np.diff(level))
    tops = np.flatnonzero((up[:-1] > 0) & (up[1:] <= 0)) + 1
    return harbour, tops.size, round(float(level[tops].mean()), 4)


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as ex:
        for name, n, mean in ex.map(high_waters, range(48)):
            if name % 12 == 0:
                print(name, n, mean)
