import numpy as np


def percent_table(rows, bands, seed):
    gen = np.random.default_rng(seed)
    raw = gen.integers(0, 100, (rows, bands), dtype=np.uint8)
    return raw / 100.0


def endmembers(bands, k):
    x = np.linspace(0, 1, bands)[:, None]
    return np.exp(-((x - np.linspace(0, 1, k)) / 0.05) ** 2).round(2)


def project(scene, basis):
    scores = scene @ basis
    return scene - scores @ basis.T / basis.shape[1]


basis = endmembers(500, 420)
for date in ("may", "june", "july"):
    scene = percent_table(14000, 500, len(date))
    rest = project(scene, basis)
    print(date, "mean %.3f" % rest.mean(), "worst %.1f" % np.abs(rest).max())
