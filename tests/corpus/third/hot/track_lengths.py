import numpy as np

EARTH = 6371008.8


def fleet(n, seed):
    g = np.random.default_rng(seed)
    lat = 48 + np.cumsum(g.integers(-5, 6, n)) * 1e-5
    lon = 11 + np.cumsum(g.integers(-5, 6, n)) * 1e-5
    return lat, lon


def legs(lat, lon):
    phi = np.radians(lat)
    lam = np.radians(lon)
    dphi = phi[1:] - phi[:-1]
    dlam = lam[1:] - lam[:-1]
    h = np.sin(dphi / 2) ** 2 + np.cos(phi[1:]) * np.cos(phi[:-1]) * np.sin(dlam / 2) ** 2
    return 2 * EARTH * np.arcsin(np.sqrt(np.minimum(h, 1.0)))


total = 0.0
for truck in range(4):
    lat, lon = fleet(3_000_000, truck)
    d = legs(lat, lon)
    total += float(d.sum())
    print(truck, f"{d.max():.3f} m")
print(f"{total / 1000:.3f} km")
