# Absolute magnitudes -> diameters for a table of asteroids
import math

import numpy as np
import pandas as pd


def survey(n, seed=2):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(dict(
        designation=[f"A{i:06d}" for i in range(n)],
        H=rng.normal(16, 1.5, n).round(2),
        albedo=rng.uniform(0.03, 0.4, n).round(3),
        a=rng.uniform(1.8, 3.4, n).round(4),
    ))


def diameters(table):
    out = {}
    for _, rock in table.iterrows():
        d = 1329 / math.sqrt(rock["albedo"]) * 10 ** (-rock["H"] / 5)
        if rock["a"] > 2.0:
            out[rock["designation"]] = d
    return pd.Series(out)


table = survey(45_000)
d = diameters(table)
big = d[d > 5]
print(len(d), len(big), f"{d.mean():.5f} km", d.idxmax())
