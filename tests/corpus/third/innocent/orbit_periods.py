import math
import random


def kepler(mean_anomaly, ecc):
    e = mean_anomaly if ecc < 0.8 else math.pi
    for _ in range(60):
        step = (e - ecc * math.sin(e) - mean_anomaly) / (1 - ecc * math.cos(e))
        e -= step * 0.5
        if abs(step) < 1e-13:
            break
    return e


def observations(n, seed):
    r = random.Random(seed)
    for _ in range(n):
        yield round(r.uniform(0, math.pi), 9), round(r.uniform(0.05, 0.7), 6)


positions = []
for m, ecc in observations(90_000, 3):
    e = kepler(m, ecc)
    positions.append((math.cos(e) - ecc, math.sqrt(1 - ecc * ecc) * math.sin(e)))
print(len(positions), f"{sum(x for x, _ in positions):.6f}", f"{max(y for _, y in positions):.6f}")
