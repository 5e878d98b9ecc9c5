import random
from collections import defaultdict
from fractions import Fraction as F

RATIOS = [("tsp", "tbsp", F(1, 3)), ("tbsp", "cup", F(1, 16)), ("cup", "pint", F(1, 2)),
          ("pint", "quart", F(1, 2)), ("quart", "gallon", F(1, 4)), ("cup", "ml", F(23659, 100)),
          ("ml", "litre", F(1, 1000)), ("litre", "cask", F(1, 41))]
EDGES = defaultdict(list)
for a, b, r in RATIOS:
    EDGES[a].append((b, r))
    EDGES[b].append((a, 1 / r))


def convert(amount, source, target):
    frontier, done = [(source, F(1))], {source}
    while frontier:
        unit, factor = frontier.pop()
        if unit == target:
            return amount * factor
        for nxt, ratio in EDGES[unit]:
            if nxt not in done:
                done.add(nxt)
                frontier.append((nxt, factor * ratio))
    raise ValueError(target)


def pantry(n):
    rng = random.Random(4)
    units = ["tsp", "tbsp", "cup", "pint", "gallon"]
    for _ in range(n):
        yield rng.choice("flour milk oil stock".split()), F(rng.randrange(1, 13), 4), rng.choice(units)


shopping = defaultdict(F)
for item, amount, unit in pantry(60000):
    shopping[item] += convert(amount, unit, "litre")
for item in sorted(shopping):
    print(f"{item:6s} {float(shopping[item]):12.4f} l")
