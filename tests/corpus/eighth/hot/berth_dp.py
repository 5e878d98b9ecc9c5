import random
from collections import namedtuple

Box = namedtuple("Box", "tonnes fee")


def manifest(n):
    rng = random.Random(1912)
    return [Box(rng.randint(4, 38), rng.randint(200, 2400)) for _ in range(n)]


def best_fee(weights, fees, capacity):
    best = [0] * (capacity + 1)
    for i in range(len(weights)):
        w = weights[i]
        f = fees[i]
        for c in range(capacity, w - 1, -1):
            cand = best[c - w] + f
            if cand > best[c]:
                best[c] = cand
    return best[capacity]


def describe(boxes):
    heavy = max(boxes, key=lambda b: b.tonnes)
    return f"{len(boxes)} boxes, heaviest {heavy.tonnes} t"


boxes = manifest(900)
print(describe(boxes))
tonnes, fees = zip(*boxes)
print(best_fee(list(tonnes), list(fees), 14_000))
