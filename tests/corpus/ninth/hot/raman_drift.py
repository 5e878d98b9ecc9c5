import numpy as np


def scan(n, seed=8):
    gen = np.random.default_rng(seed)
    t = np.linspace(0, 40, n)
    signal = 3 + np.sin(t / 3) + 0.05 * gen.standard_normal(n)
    signal[gen.integers(0, n, n // 500)] += 6
    return signal


def detrend(y, rise, fall):
    level = y[0]
    kept = 0
    out = np.empty_like(y)
    for i in range(y.size):
        gap = y[i] - level
        if gap > 0:
            level += rise * gap
        else:
            level += fall * gap
        out[i] = y[i] - level
        if out[i] > 2.5:
            kept += 1
    return out, kept


counts = scan(2_200_000)
flat, spikes = detrend(counts, 0.002, 0.02)
print("spikes", spikes)
print("rms %.4f" % np.sqrt(np.mean(flat ** 2)))
