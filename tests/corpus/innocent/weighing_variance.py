import numpy as np


def weighings(count):
    t = np.linspace(0.0, 900.0, count)
    return 1.0e6 + 1e-3 * np.sin(t)


def spread(values):
    shifted = values - 1.0e6
    mean = shifted.sum() / shifted.size
    deviation = values - (1.0e6 + mean)
    return np.sqrt((deviation * deviation).sum() / (shifted.size - 1))


values = weighings(4_000_000)
results = [float(spread(values[k:])) for k in range(10)]
print([f"{r:.9f}" for r in results[:2]])
