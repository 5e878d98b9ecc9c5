# Dark-current statistics of a long raw exposure
import os
import tempfile

import numpy as np

H, W = 500, 500


def record(path, frames):
    base = (np.arange(H * W, dtype=np.float32) % 31).reshape(H, W)
    with open(path, "wb") as f:
        for k in range(frames):
            f.write((base + k % 5).tobytes())


class RawFile:
    def __init__(self, path):
        self.path = path

    def frames(self):
        flat = np.fromfile(self.path, dtype=np.float32)
        return flat.reshape(-1, H, W)

    def dark_levels(self):
        stack = self.frames()
        means = stack.mean(axis=(1, 2))
        noise = stack.std(axis=(1, 2))
        hot = (stack > 33).sum()
        return means, noise, int(hot)


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "run.raw")
    record(path, 480)
    means, noise, hot = RawFile(path).dark_levels()
print(len(means), f"{means.mean():.4f} {noise.mean():.4f}", hot)
