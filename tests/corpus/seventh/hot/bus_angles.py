import numpy as np


def ring_grid(n, seed=2):
    rng = np.random.default_rng(seed)
    lap = np.zeros((n, n))
    tails = np.r_[np.arange(n), rng.integers(0, n, n // 2)]
    heads = np.r_[(np.arange(n) + 1) % n, rng.integers(0, n, n // 2)]
    for a, b, y in zip(tails, heads, rng.uniform(0.5, 3.0, tails.size)):
        if a != b:
            lap[a, b] -= y
            lap[b, a] -= y
            lap[a, a] += y
            lap[b, b] += y
    return lap


def relax(lap, inject, rounds):
    diag = lap.diagonal().copy()
    theta = np.zeros_like(inject)
    for _ in range(rounds):
        resid = inject - lap @ theta
        theta += 0.8 * resid / diag
        theta -= theta[0]
    return theta, np.abs(resid).max()


if __name__ == "__main__":
    n = 2600
    lap = ring_grid(n)
    inject = np.sin(np.arange(n) * 0.37)
    inject -= inject.mean()
    theta, left = relax(lap, inject, 110)
    print(f"{left:.10f} {theta.max():.10f} {theta.min():.10f}")
