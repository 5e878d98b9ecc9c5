"""Running median of a seismometer signal."""
import random
from bisect import bisect_left, insort


def signal(n, seed):
    rng = random.Random(seed)
    level = 0
    for _ in range(n):
        level += rng.randrange(-5, 6)
        yield level + (500 if rng.random() < 0.001 else 0)


def medians(values, width):
    window = sorted(values[:width])
    out = [window[width // 2]]
    for old, new in zip(values, values[width:]):
        del window[bisect_left(window, old)]
        insort(window, new)
        out.append(window[width // 2])
    return out


values = list(signal(420_000, 15))
for width in (31, 101, 501, 1001):
    m = medians(values, width)
    print(width, len(m), min(m), max(m), m[len(m) // 3])
