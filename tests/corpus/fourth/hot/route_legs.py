"""Log of a delivery van as a flat list of legs."""
import math


def stops(n):
    x = y = 0.0
    for k in range(n):
        x += math.cos(k * 0.37) * 2
        y += math.sin(k * 0.53) * 3
        yield (x, y)


def plan(points):
    legs = []
    here = (0.0, 0.0)
    for there in points:
        d = math.dist(here, there)
        if d > 0.01:
            legs = legs + [(here, there, d)]
        here = there
    return legs


def main():
    legs = plan(stops(23_000))
    total = sum(d for *_, d in legs)
    print(len(legs), "legs", round(total, 3), "km")
    print("longest", round(max(d for *_, d in legs), 4))


main()
