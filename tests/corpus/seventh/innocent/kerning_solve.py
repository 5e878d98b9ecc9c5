import numpy as np


def coupling(n, seed=6):
    rng = np.random.default_rng(seed)
    full = rng.normal(0, 1 / n, (n, n))
    return np.tril(full) + np.eye(n) * 0.5


def settle(pairs, target, rounds):
    x = np.zeros_like(target)
    for k in range(rounds):
        x += 0.9 * (target - pairs @ x)
        if k % 50 == 0:
            x -= x.mean() * 1e-3
    return x


if __name__ == "__main__":
    n = 1500
    pairs = coupling(n)
    x = settle(pairs, np.cos(np.outer(np.arange(n), np.arange(1, 97)) * 0.0011), 60)
    print(f"{x.sum():.12f} {x.max():.12f} {int(np.argmin(x))}")
    print(round(np.count_nonzero(pairs) / pairs.size, 3))
