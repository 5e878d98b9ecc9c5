import random


class SurveyPoint:
    __slots__ = ("x", "y")
    __hash__ = None

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __eq__(self, other):
        return abs(self.x - other.x) <= 0.4 and abs(self.y - other.y) <= 0.4


def field_points(count, seed):
    rng = random.Random(seed)
    return [SurveyPoint(rng.uniform(0, 40), rng.uniform(0, 40)) for _ in range(count)]


def merge_points(points):
    kept = []
    for point in points:
        if point not in kept:
            kept.append(point)
    return kept


merged = merge_points(field_points(7_000, seed=5))
print(len(merged), round(sum(p.x for p in merged), 3))
