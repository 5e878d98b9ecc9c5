import numpy as np


def farthest(points, candidates):
    d = np.abs(candidates[:, None] - points[None, :]).min(axis=1)
    return candidates[np.argsort(-d, kind="stable")[:4]]


def refine(rounds):
    rng = np.random.default_rng(15)
    points = np.array([0.0, 1.0])
    for _ in range(rounds):
        fresh = farthest(points, rng.random(160))
        points = np.sort(np.concatenate([points, fresh]))
    return points


p = refine(600)
gaps = np.diff(p)
print(p.size, "largest gap", round(float(gaps.max()), 7), "at", round(float(p[gaps.argmax()]), 5))
