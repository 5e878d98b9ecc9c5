import random
from bisect import bisect_left, insort


def pressure(n):
    r = random.Random(10)
    p = 1013.0
    for _ in range(n):
        p += r.gauss(0, 0.4)
        yield p


def rolling_median(xs, width):
    ring = [0.0] * width
    ordered = []
    for i, x in enumerate(xs):
        if i >= width:
            ordered.pop(bisect_left(ordered, ring[i % width]))
        insort(ordered, x)
        ring[i % width] = x
        if i >= width:
            yield ordered[width // 2]


meds = list(rolling_median(pressure(260_000), 15001))
print(len(meds), round(meds[0], 4), round(meds[-1], 4), round(sum(meds) / len(meds), 4))
