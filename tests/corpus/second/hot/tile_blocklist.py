import numpy as np


def tile_id(x, y, zoom=12):
    return y * (1 << zoom) + x


def no_go_tiles(n, rng):
    """Tile numbers over water or military ground."""
    return np.unique(rng.integers(0, 1 << 24, size=n))


def route_tiles(n, rng):
    dx = rng.integers(-1, 2, size=n).cumsum() + 2000
    dy = rng.integers(-1, 2, size=n).cumsum() + 2000
    return [tile_id(int(x), int(y)) for x, y in zip(dx, dy)]


def cost_of(route, closed, toll=7):
    cost = 0
    detours = []
    for step, tile in enumerate(route):
        if tile in closed:
            cost += toll
            detours.append(step)
        else:
            cost += 1
    return cost, detours


rng = np.random.default_rng(42)
closed = no_go_tiles(60_000, rng)
total = 0
longest = 0
for leg in range(6):
    cost, detours = cost_of(route_tiles(5500, rng), closed)
    total += cost
    longest = max(longest, len(detours))
    print(f"leg {leg}: cost {cost} detours {len(detours)}")
print("total", total, "worst leg", longest)
