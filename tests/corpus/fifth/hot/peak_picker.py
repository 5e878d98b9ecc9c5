import numpy as np


def chromatogram(n, seed):
    g = np.random.default_rng(seed)
    t = np.arange(n) * 0.01
    return np.abs(np.sin(t * 7.3)) * 10 + g.normal(0, 1, n)


def pick(signal, floor):
    """Positions of local maxima above the floor."""
    where = np.array([], dtype=np.int64)
    values = signal.tolist()
    for i in range(1, len(values) - 1):
        v = values[i]
        if v > floor and v >= values[i - 1] and v > values[i + 1]:
            where = np.append(where, i)
    return where


class Run:
    def __init__(self, name, n):
        self.name = name
        self.signal = chromatogram(n, len(name))

    def describe(self):
        peaks = pick(self.signal, 4.0)
        spacing = np.diff(peaks)
        return f"{self.name}: {len(peaks)} peaks, spacing {spacing.mean():.3f}"


for name in ("blank", "standard", "sample-A"):
    print(Run(name, 220_000).describe())
