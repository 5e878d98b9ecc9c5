import random
from bisect import bisect_left, insort


def prices(n):
    rng = random.Random(71)
    p = 5000
    day = []
    for _ in range(7000):
        p += rng.randint(-8, 8)
        day.append(p)
    return day * (n // 7000)


def rolling_median(values, width):
    ordered = []
    raw = []
    for i, v in enumerate(values):
        raw.append(v)
        insort(ordered, v)
        if i >= width:
            ordered.pop(bisect_left(ordered, raw[i - width]))
            yield ordered[width // 2]


def main():
    above = 0
    last = 0
    for m in rolling_median(prices(980_000), 201):
        above += m > last
        last = m
    print("rises", above, "last", last)


main()
