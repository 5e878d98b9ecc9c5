import numpy as np


def distance_table(xy):
    n = len(xy)
    table = np.zeros((n, n))
    for axis in range(xy.shape[1]):
        table += (xy[:, axis][:, None] - xy[:, axis][None, :]) ** 2
    np.sqrt(table, out=table)
    return table


def centred(table):
    n = len(table)
    j = np.eye(n) - 1.0 / n
    return -0.5 * (j @ (table * table) @ j)


rng = np.random.default_rng(17)
sites = rng.normal(0, 5, (1_700, 3))
b = centred(distance_table(sites))
v = np.ones(len(b))
for _ in range(12):
    v = b @ v + np.arange(len(b))
    v /= np.linalg.norm(v)
print(round(float(v @ b @ v), 4), round(float(np.trace(b)), 3))
