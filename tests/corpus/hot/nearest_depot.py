import numpy as np


def scatter(count, seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 100, (count, 2))


def assign(homes, depots):
    nearest = np.empty(len(homes), dtype=np.int64)
    i = 0
    while i < len(homes):
        best = np.inf
        j = 0
        while j < len(depots):
            dx = homes[i, 0] - depots[j, 0]
            dy = homes[i, 1] - depots[j, 1]
            distance = dx * dx + dy * dy
            if distance < best:
                best = distance
                nearest[i] = j
            j += 1
        i += 1
    return nearest


nearest = assign(homes=scatter(9_000, 1), depots=scatter(45, 2))
print(nearest[:5].tolist(), int(np.bincount(nearest).max()))
