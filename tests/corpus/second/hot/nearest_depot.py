"""Mean distance from customers to the closest of a few depots."""
import numpy as np

DEPOTS = {"Lyon": (45.764, 4.836), "Lille": (50.629, 3.057), "Brest": (48.390, -4.486), "Nice": (43.703, 7.266)}
EARTH = 6371.0088


class Customers:
    def __init__(self, n):
        g = np.random.default_rng(8)
        self.lat = np.deg2rad(g.uniform(42.5, 51.0, n))
        self.lon = np.deg2rad(g.uniform(-4.5, 8.0, n))

    def km_to(self, place):
        lat0, lon0 = np.deg2rad(place)
        a = np.sin((self.lat - lat0) / 2) ** 2 + np.cos(self.lat) * np.cos(lat0) * np.sin((self.lon - lon0) / 2) ** 2
        return 2 * EARTH * np.arctan2(np.sqrt(a), np.sqrt(1 - a))


def main():
    people = Customers(2_600_000)
    closest = None
    for town, place in DEPOTS.items():
        km = people.km_to(place)
        print(f"{town:6s}{km.mean():9.1f} km")
        closest = km if closest is None else np.minimum(closest, km)
    print("closest", round(float(closest.mean()), 2), "max", round(float(closest.max()), 1))


main()
