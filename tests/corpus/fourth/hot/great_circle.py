"""Distance of every lightning strike to the nearest of three radar sites."""
import numpy as np

SITES = {"De Bilt": (52.10, 5.18), "Herwijnen": (51.84, 5.14), "Den Helder": (52.95, 4.79)}
R = 6371.0


def strikes(n):
    rng = np.random.default_rng(1)
    return rng.uniform(49, 55, n).round(4), rng.uniform(2, 8, n).round(4)


def distance(lat, lon, lat0, lon0):
    p1, p0 = np.radians(lat), np.radians(lat0)
    h = np.sin((p1 - p0) / 2) ** 2 + np.cos(p1) * np.cos(p0) * np.sin(np.radians(lon - lon0) / 2) ** 2
    return 2 * R * np.arcsin(np.sqrt(h))


def main():
    lat, lon = strikes(5_000_000)
    best = np.full(lat.size, np.inf)
    for name, (a, b) in SITES.items():
        d = distance(lat, lon, a, b)
        print(f"{name:11} mean {d.mean():.3f} km")
        best = np.minimum(best, d)
    print("nearest", round(float(best.mean()), 3))


main()
