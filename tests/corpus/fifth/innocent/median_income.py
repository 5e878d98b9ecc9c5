# Exact weighted quantiles of a survey file
import os
import tempfile

import numpy as np


def survey(path, n):
    g = np.random.default_rng(12)
    income = np.round(g.lognormal(10, 0.6, n))
    weight = g.integers(1, 2000, n).astype(float)
    np.savez(path, income=income, weight=weight)


def quantiles(path, qs):
    with np.load(path) as z:
        income, weight = z["income"], z["weight"]
    order = np.argsort(income)
    cum = np.cumsum(weight[order])
    at = np.searchsorted(cum, np.asarray(qs) * cum[-1])
    return income[order[at]]


with tempfile.TemporaryDirectory() as d:
    path = os.path.join(d, "survey.npz")
    survey(path, 2_800_000)
    for run in range(2):
        q = quantiles(path, (0.1, 0.5, 0.9, 0.99))
    print([int(v) for v in q])
