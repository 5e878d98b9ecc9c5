import numpy as np


class Recorder:
    def __init__(self, tolerance):
        self.tolerance = tolerance
        self.values = np.empty(0)
        self.ticks = np.empty(0, dtype=np.int64)

    def offer(self, tick, value):
        if self.values.size and abs(value - self.values[-1]) < self.tolerance:
            return False
        self.values = np.append(self.values, value)
        self.ticks = np.append(self.ticks, tick)
        return True


def walk(n, seed):
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.normal(0, 0.5, n))


rec = Recorder(0.05)
skipped = 0
for t, v in enumerate(walk(50_000, 3).tolist()):
    if not rec.offer(t, v):
        skipped += 1
print(rec.values.size, skipped)
print(round(float(rec.values.mean()), 4), int(rec.ticks[-1]))
