import numpy as np


def stamps(n, seed):
    rng = np.random.default_rng(seed)
    base = 1.7e9 + np.linspace(0.0, 86400.0, n)
    return base + rng.integers(0, 1000, n) * 1e-6


def residual(p, s):
    lag = s - p
    scaled = (lag - 8.4) / 0.9 - 2.0 * (s - 1.7e9) / 86400.0
    pull = np.abs(scaled) * np.where(lag > 8.4, 1.0, 0.5)
    return np.sqrt(pull * pull + 1e-4 * lag * lag) - 0.25 * pull / (1.0 + pull)


def main():
    n = 5_000_000
    p = stamps(n, 41)
    s = p + 8.4 + 3e-4 * np.cos(np.arange(n) * 0.01)
    for turn in range(3):
        r = residual(p, s + turn * 1e-5)
        print(turn, f"{r.mean():.9f}", f"{r.max():.9f}")


main()
