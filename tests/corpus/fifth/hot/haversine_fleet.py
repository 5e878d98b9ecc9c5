# Distance of each GPS fix from its depot
import numpy as np

EARTH_KM = 6371.0088


class Fleet:
    def __init__(self, fixes, seed):
        g = np.random.default_rng(seed)
        self.lat = g.random(fixes) * 20 + 40
        self.lon = g.random(fixes) * 30 - 5

    def range_from(self, lat0, lon0):
        p1, p2 = np.deg2rad(self.lat), np.deg2rad(lat0)
        dl = np.deg2rad(self.lon - lon0)
        h = (np.sin((p2 - p1) / 2) ** 2
             + np.cos(p1) * np.cos(p2) * np.sin(dl / 2) ** 2)
        return 2 * EARTH_KM * np.arcsin(np.sqrt(h))


DEPOTS = {"Lyon": (45.76, 4.84), "Vienna": (48.21, 16.37), "Gdansk": (54.35, 18.65)}

fleet = Fleet(5_000_000, 1)
for name, (lat, lon) in DEPOTS.items():
    km = fleet.range_from(lat, lon)
    near = int((km < 200).sum())
    print(f"{name:8s} mean {km.mean():.3f} km, {near} fixes within 200 km")
