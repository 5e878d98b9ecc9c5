import multiprocessing as mp

import numpy as np

SAMPLES, MARKERS = 500, 140


def cohort():
    g = np.random.default_rng(2)
    geno = g.integers(0, 3, (SAMPLES, MARKERS)).astype(float)
    trait = geno[:, 3] * 0.7 - geno[:, 90] * 0.4 + g.normal(size=SAMPLES)
    return geno, trait


def refit(seed):
    geno, trait = cohort()
    pick = np.random.default_rng(seed).integers(0, SAMPLES, SAMPLES)
    x, y = geno[pick], trait[pick]
    penalty = np.eye(MARKERS) * 4.0
    beta = np.linalg.solve(x.T @ x + penalty, x.T @ y)
    hat = x @ np.linalg.inv(x.T @ x + penalty) @ x.T
    return beta[[3, 90]], float(np.trace(hat))


if __name__ == "__main__":
    with mp.Pool(4) as pool:
        draws = pool.map(refit, range(16))
    effects = np.array([d[0] for d in draws])
    print("effects", effects.mean(axis=0).round(4), "+-", effects.std(axis=0).round(4))
    print("degrees of freedom", round(sum(d[1] for d in draws) / len(draws), 3))
