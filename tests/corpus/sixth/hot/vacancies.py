from collections import namedtuple
import random

Site = namedtuple("Site", "x y z")
BONDS = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]


def occupied(n, share, seed):
    gen = random.Random(seed)
    return {Site(x, y, z): gen.random() < share
            for x in range(n) for y in range(n) for z in range(n)}


def flood(crystal, start, most):
    reached = [start]
    for site in reached:
        for dx, dy, dz in BONDS:
            nb = Site(site.x + dx, site.y + dy, site.z + dz)
            if not crystal.get(nb) or nb in reached:
                continue
            reached.append(nb)
        if len(reached) > most:
            break
    return reached


def gyration(sites):
    m = len(sites)
    mean = [sum(s[k] for s in sites) / m for k in range(3)]
    return sum((s[k] - mean[k]) ** 2 for s in sites for k in range(3)) / m


if __name__ == "__main__":
    crystal = occupied(26, 0.62, 5)
    seed_site = next(s for s in crystal if crystal[s] and min(s) > 11)
    blob = flood(crystal, seed_site, 5600)
    print("sites", len(blob), "rg2 %.3f" % gyration(blob))
