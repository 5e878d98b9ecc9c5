"""Edit distance of candidate drug names from all marketed ones."""
import random

SYLLABLES = ["pra", "zol", "mab", "tin", "xi", "vas", "ta", "cli", "ne", "do", "sar", "pen"]
MARKETED = []


def invent(rng):
    return "".join(rng.choices(SYLLABLES, k=rng.randrange(3, 6)))


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        diag, row[0] = row[0], i
        for j, cb in enumerate(b, 1):
            diag, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diag + (ca != cb))
    return row[-1]


def confusable(name):
    ranked = sorted((distance(name, other), other) for other in MARKETED)
    return name, ranked[0]


rng = random.Random(18)
MARKETED.extend(sorted({invent(rng) for _ in range(450)}))
candidates = [invent(rng) for _ in range(90)]

worst = list(map(confusable, candidates))
worst.sort(key=lambda item: item[1])
for name, (d, other) in worst[::18]:
    print(f"{name:18s}{d:3d}  {other}")
