import os
import tempfile
import numpy as np
from numpy.lib.format import open_memmap


def record(path, rows, channels, seed):
    rng = np.random.default_rng(seed)
    block = rng.normal(10, 3, (20_000, channels))
    with open(path, "wb") as f:
        np.lib.format.write_array_header_1_0(
            f, {"descr": "<f8", "fortran_order": False, "shape": (rows, channels)})
        for k in range(rows // 20_000):
            f.write((block + k % 4).tobytes())


def profile(path):
    data = np.load(path)
    mean = data.mean(axis=0)
    peak = np.abs(data - 10).max(axis=0)
    hot = (data > 18).sum(axis=0)
    return mean, peak, hot


fd, path = tempfile.mkstemp(suffix=".npy")
os.close(fd)
try:
    record(path, 600_000, 50, 14)
    mean, peak, hot = profile(path)
    print(mean.shape, f"{mean[0]:.6f} {peak.max():.4f}", int(hot.sum()))
finally:
    os.unlink(path)
