"""Merge station reports that lie within fifty metres of one another."""
import random


class Station:
    __slots__ = ("x", "y", "name")

    def __init__(self, name, x, y):
        self.name, self.x, self.y = name, x, y

    def __eq__(self, other):
        return (self.x - other.x) ** 2 + (self.y - other.y) ** 2 < 2500


def reports(n):
    rng = random.Random(17)
    for i in range(n):
        cx, cy = rng.randrange(36) * 900, rng.randrange(36) * 900
        yield Station(f"S{i}", cx + rng.gauss(0, 9), cy + rng.gauss(0, 9))


def merge(stream):
    kept = []
    dropped = 0
    for station in stream:
        if station in kept:
            dropped += 1
        else:
            kept.append(station)
    return kept, dropped


kept, dropped = merge(reports(9_000))
print("kept", len(kept), "dropped", dropped)
print("first", kept[0].name, "last", kept[-1].name)
