import numpy as np


def kernel(stations, seed):
    gen = np.random.default_rng(seed)
    k = gen.random((stations, stations))
    k[k < 0.5] = 0.0
    k[np.diag_indices(stations)] += 40.0
    return k


def densities(base, seed):
    k = base.copy()
    k[:, seed] += 1.0
    anomaly = np.sin(np.arange(1900) * 0.01 * seed)
    return np.linalg.solve(k, anomaly)


base = kernel(1900, 3)
checks = []
previous = 1
for line in range(5):
    rho = densities(base, previous)
    checks.append(rho[::400].round(11).tolist())
    previous = 1 + int(abs(rho[7]) * 1e6) % 9
for row in checks:
    print(" ".join(f"{v:.10f}" for v in row[:3]))
