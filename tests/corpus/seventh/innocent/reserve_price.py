import random
from fractions import Fraction

SLOTS = ("top", "side", "feed")
history = {s: [Fraction(100)] * 12 for s in SLOTS}


def reserve(slot, tier):
    level = Fraction(0)
    weight = Fraction(1)
    for paid in reversed(history[slot]):
        level += weight * paid
        weight *= Fraction(3, 4)
    return (level / 4 * Fraction(10 + tier, 12)).limit_denominator(1000)


def auction(n, seed):
    rnd = random.Random(seed)
    unsold = 0
    for _ in range(n):
        slot, tier = rnd.choice(SLOTS), rnd.randrange(3)
        floor = reserve(slot, tier)
        bid = Fraction(rnd.randint(40, 160))
        if bid < floor:
            unsold += 1
            bid = floor * Fraction(9, 10)
        history[slot].append(bid.limit_denominator(100))
        del history[slot][0]
    return unsold


print(auction(10_000, 19))
for slot in SLOTS:
    print(slot, float(history[slot][-1]))
