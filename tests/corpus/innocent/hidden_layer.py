import numpy as np


def activations(rows, width):
    values = np.random.default_rng(6).normal(size=(rows, width))
    return np.maximum(values, 0.0)


def second_layer(hidden, weights):
    return hidden @ weights


hidden = activations(1_600, 1_200)
weights = np.cos(np.arange(1_200 * 3_500, dtype=float)).reshape(1_200, 3_500)
total = 0.0
for scale in (1.0, 0.5):
    total += float(second_layer(hidden, weights * scale).sum())
print(round(total, 4), round(float((hidden == 0).mean()), 3))
