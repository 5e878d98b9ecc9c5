import os
import tempfile

import numpy as np

CHANNELS = 6


class Recording:
    def __init__(self, path):
        self.path = path

    def write(self, blocks):
        rng = np.random.default_rng(12)
        block = rng.normal(0, 1, (40_000, CHANNELS)).round(4)
        with open(self.path, "wb") as f:
            for _ in range(blocks):
                f.write(block.tobytes())

    def energy(self):
        data = np.fromfile(self.path).reshape(-1, CHANNELS)
        clipped = np.clip(data, -3, 3)
        loud = np.log1p(np.abs(data)).mean(axis=0)
        return (clipped * clipped).sum(axis=0), loud


fd, name = tempfile.mkstemp(suffix=".f8")
os.close(fd)
try:
    rec = Recording(name)
    rec.write(100)
    energy, peak = rec.energy()
    print(energy.round(2), peak.round(6))
finally:
    os.remove(name)
