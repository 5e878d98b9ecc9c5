import random


def unique_names(stems):
    used = {}
    for s in stems:
        k = used.get(s, 0)
        used[s] = k + 1
        yield s if k == 0 else s + "-" + str(k)


def digest(names):
    h = 0
    for n in names:
        h = (h * 31 + len(n)) % 1_000_003
    return h


rnd = random.Random(31)
stems = [rnd.choice(("gift", "meal", "travel", "spa")) + str(rnd.randint(1, 3000)) for _ in range(400_000)]
for run in range(11):
    print(run, digest(unique_names(stems[run:])))
