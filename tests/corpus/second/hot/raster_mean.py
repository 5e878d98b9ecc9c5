"""Mean and extremes of a big elevation raster on disk."""
import tempfile
from pathlib import Path

import numpy as np

ROWS, COLS = 6000, 5000


def produce(path):
    g = np.random.default_rng(3)
    strip = g.normal(450, 80, (100, COLS))
    with path.open("wb") as f:
        for k in range(ROWS // 100):
            (strip + k).tofile(f)


def load(path):
    return np.fromfile(path, dtype=np.float64).reshape(ROWS, COLS)


def describe(dem):
    low = dem.min()
    high = dem.max()
    above = np.count_nonzero(dem > 500)
    return low, high, dem.mean(), above / dem.size


with tempfile.TemporaryDirectory() as tmp:
    path = Path(tmp) / "dem.bin"
    produce(path)
    low, high, mean, share = describe(load(path))
    print(f"low {low:.1f} high {high:.1f} mean {mean:.2f}")
    print(f"above 500 m: {share:.4f}")
