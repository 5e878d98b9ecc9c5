# Long-exposure image out of many short frames
import numpy as np


def dark_frame(shape):
    y, x = np.ogrid[:shape[0], :shape[1]]
    return 0.1 + 0.002 * (x + y)


class Exposure:
    def __init__(self, shape):
        self.sum = np.zeros(shape)
        self.n = 0

    def add(self, frame, gain):
        self.sum += frame * gain
        self.n += 1

    def mean(self):
        return self.sum / self.n


g = np.random.default_rng(0)
shape = (1200, 1600)
sky = g.poisson(30, shape).astype(float)
dark = dark_frame(shape)
shot = Exposure(shape)
for i in range(160):
    shot.add(sky if i % 8 else dark, 1.0 + i / 1000)
result = shot.mean()
print(result.shape, f"{result.mean():.6f} {result.max():.6f}")
