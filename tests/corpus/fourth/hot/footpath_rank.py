"""Where do walkers end up? Random walk on a footpath network."""
import numpy as np


def footpaths(n, seed):
    rng = np.random.default_rng(seed)
    step = np.zeros((n, n))
    for hop in (1, 7, 53):
        step[np.arange(n), (np.arange(n) + hop) % n] = rng.uniform(0.2, 1.0, n)
    step[rng.integers(0, n, n), rng.integers(0, n, n)] += 0.5
    return step / step.sum(axis=0)


def settle(step, turns):
    p = np.full(len(step), 1.0 / len(step))
    for _ in range(turns):
        p = 0.9 * (step @ p) + 0.1 / len(step)
    return p


def main():
    p = settle(footpaths(2_400, 12), 170)
    order = np.argsort(-p, kind="stable")
    print(order[:5], (p[order[:3]] * 1000).round(4))


main()
