import numpy as np


def heartbeats(n, seed):
    rng = np.random.default_rng(seed)
    return np.round(1.7e9 + np.cumsum(rng.integers(950, 1050, n)) / 1000, 3)


def regularity(stamps, period):
    gap = stamps[1:] - stamps[:-1]
    late = np.abs(gap - period)
    phase = (stamps - stamps[0]) / period
    frac = phase - np.floor(phase)
    return late.mean(), late.max(), frac.std()


t = heartbeats(2_500_000, 10)
for period in (0.98, 0.99, 0.995, 1.0, 1.005, 1.01, 1.02):
    mean, worst, spread = regularity(t, period)
    print(f"{period:.3f} {mean:.6f} {worst:.3f} {spread:.6f}")
