import numpy as np

PIXELS = 10_000_000


def detector(seed, level):
    gen = np.random.default_rng(seed)
    return level + 40.0 * gen.random(PIXELS)


def absorbance(sample, lamp, dark, path):
    clean = (sample - dark) / (lamp - dark)
    a = -np.log10(np.clip(clean, 1e-4, 1.5)) / path
    stray = 0.002 * a * a - 0.0004 * a + 0.01
    return np.sqrt(np.abs(a - stray)) + 0.5 * np.exp(-a)


sample = detector(1, 300.0)
lamp = detector(2, 900.0)
for path in (0.5, 1.0, 2.0):
    a = absorbance(sample, lamp, 12.5, path)
    print(f"path {path:3.1f} cm  mean {a.mean():.5f}  max {a.max():.5f}")
