"""Project audio frames on a bank of filters, layer by layer."""
import numpy as np


def orthogonal(g, n):
    v = g.standard_normal((n, 1))
    return np.eye(n) - 2 * (v @ v.T) / (v.T @ v)


def forward(x, layers, slope):
    for w in layers:
        x = x @ w
        np.abs(x, out=x)
        x -= slope
    return x


def main():
    g = np.random.default_rng(99)
    q = orthogonal(g, 400)
    layers = [np.roll(q, k, axis=0) for k in range(6)]
    frames = g.standard_normal((1500, 400))
    out = frames
    for epoch in range(8):
        out = forward(out, layers, 0.8)
    print(out.shape, f"{np.linalg.norm(out):.11f}")


if __name__ == "__main__":
    main()
