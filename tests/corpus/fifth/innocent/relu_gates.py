"""Feature propagation through gated layers."""
import numpy as np


def gate(x):
    return np.maximum(x, 0.0)


class Layer:
    def __init__(self, g, n):
        self.w = g.standard_normal((n, n)) / np.sqrt(n) * 1.4

    def __call__(self, x):
        return gate(x) @ self.w


g = np.random.default_rng(123)
layers = [Layer(g, 700) for _ in range(8)]
x = g.standard_normal((1500, 700))
for sweep in range(3):
    for layer in layers:
        x = layer(x)
    x /= np.abs(x).max()
    zero = float((gate(x) == 0).mean())
    print(sweep, f"{zero:.3f}", f"{x.std():.5f}")
