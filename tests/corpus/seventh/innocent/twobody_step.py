import numpy as np

MU = 398600.4418
J2 = 1.08263e-3
RE = 6378.137


def pull(r):
    d2 = (r * r).sum()
    d = np.sqrt(d2)
    zz = r[2] * r[2] / d2
    k = 1.5 * J2 * (RE * RE / d2)
    return -MU * r / d ** 3 * (1 + k * (np.array([1.0, 1.0, 3.0]) - 5 * zz))


def coast(r, v, dt, steps):
    a = pull(r)
    low = np.inf
    for _ in range(steps):
        v = v + 0.5 * dt * a
        r = r + dt * v
        a = pull(r)
        v = v + 0.5 * dt * a
        low = min(low, r[2])
    return r, v, low


def main():
    r = np.array([7000.0, 0.0, 0.0])
    v = np.array([0.0, 5.0, 5.5])
    r, v, low = coast(r, v, 5.0, 60_000)
    print(np.round(r, 3), np.round(v, 6), round(low, 3))


main()
