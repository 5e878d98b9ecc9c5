"""LRU stack distances of a page trace, for a tiny cache of eight lines."""
import random

WAYS = 8


def trace(n):
    rng = random.Random(4)
    weights = [1 / (1 + rank) for rank in range(40)]
    lap = rng.choices(range(100, 140), weights, k=40_000)
    return lap * (n // len(lap))


def distances(pages):
    recent = []
    histogram = [0] * (WAYS + 1)
    for page in pages:
        if page in recent:
            at = recent.index(page)
            histogram[at] += 1
            del recent[at]
        else:
            histogram[WAYS] += 1
            if len(recent) == WAYS:
                recent.pop()
        recent.insert(0, page)
    return histogram


pages = trace(2_400_000)
h = distances(pages)
for depth, n in enumerate(h):
    print("miss" if depth == WAYS else depth, n)
