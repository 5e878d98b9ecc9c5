import math

import numpy as np


def eccentric(mean, ecc, tol=1e-12):
    out = np.empty(mean.size)
    worst = 0
    for i in range(mean.size):
        m = mean[i]
        e = m if ecc < 0.8 else math.pi
        steps = 0
        while steps < 50:
            d = (e - ecc * math.sin(e) - m) / (1.0 - ecc * math.cos(e))
            e -= d
            steps += 1
            if abs(d) < tol:
                break
        out[i] = e
        if steps > worst:
            worst = steps
    return out, worst


def radius(semi, ecc, anomaly):
    return semi * (1 - ecc * np.cos(anomaly))


def main():
    mean = np.linspace(0.0, 2 * math.pi, 160_000)
    for body, semi, ecc in (("Molniya", 26554.0, 0.722), ("transfer", 24400.0, 0.73)):
        anomaly, worst = eccentric(mean, ecc)
        r = radius(semi, ecc, anomaly)
        print(body, worst, round(r.min(), 3), round(r.max(), 3), round(r.mean(), 3))


main()
