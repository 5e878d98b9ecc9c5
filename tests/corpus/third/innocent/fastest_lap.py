import random


def laps(n, seed):
    r = random.Random(seed)
    names = ["sensor-%02d" % i for i in range(60)]
    return [(r.choice(names), r.randint(60_000, 99_999)) for _ in range(n)]


def lowest(records):
    low = {}
    for who, ms in records:
        if ms < low.get(who, 1_000_000):
            low[who] = ms
    return low


data = laps(250_000, 8)
best = {}
for turn in range(70):
    best = lowest(data)
order = sorted(best, key=best.get)
print(order[:3], [best[o] for o in order[:3]])
