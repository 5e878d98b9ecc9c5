# Interferogram rows: unwrap the phase, then take the running crest
import numpy as np


def wrapped(rows, cols):
    x = np.linspace(0, 60, cols)
    return np.array([x * (1 + 0.01 * r) % 6.283185307179586 for r in range(rows)])


def crest(block):
    flat = np.unwrap(block, axis=1)
    level = np.cumsum(flat, axis=1)
    return np.maximum.accumulate(level - level[:, :1], axis=1)


class Scene:
    def __init__(self, rows, cols):
        self.phase = wrapped(rows, cols)

    def summary(self):
        top = crest(self.phase)
        return top[:, -1].min(), top[:, -1].max()


scene = Scene(100, 80_000)
lo, hi = scene.summary()
print(scene.phase.shape, f"{lo:.4f} {hi:.4f}")
