"""Longest gap between two visits of the same patient."""
import random


def visits(n, patients, seed):
    rng = random.Random(seed)
    ids = rng.choices(range(patients), k=n)
    return [(i // 300, p) for i, p in enumerate(ids)]


def gaps(log):
    last = {}
    worst = {}
    for day, who in log:
        if who in last:
            gap = day - last[who]
            if gap > worst.get(who, 0):
                worst[who] = gap
        last[who] = day
    return worst


def summary(worst):
    values = sorted(worst.values())
    return values[0], values[len(values) // 2], values[-1]


log = visits(450_000, 3000, 8)
first, mid, final = None, None, None
for rerun in range(9):
    shifted = log[rerun * 1000:]
    first, mid, final = summary(gaps(shifted))
print("min/median/max of the worst gaps:", first, mid, final)
