import tempfile
from pathlib import Path

import numpy as np


class DelayFile:
    def __init__(self, path):
        self.path = Path(path)

    def write(self, n):
        g = np.random.default_rng(4)
        np.tile(g.gamma(1.7, 4.0, n // 16), 16).tofile(self.path)
        return self

    def quantiles(self, *which):
        delays = np.fromfile(self.path)
        delays.sort()
        return [float(delays[int(q * (delays.size - 1))]) for q in which], delays


def runs(delays):
    gaps = np.diff(delays)
    return float(gaps.max()), int((gaps == 0).sum())


with tempfile.TemporaryDirectory() as folder:
    store = DelayFile(Path(folder) / "delays.f8").write(6_400_000)
    (low, mid, high), ordered = store.quantiles(0.05, 0.5, 0.95)
    print(f"{low:.10f} {mid:.10f} {high:.10f}")
    print("widest gap", f"{runs(ordered)[0]:.10f}")
