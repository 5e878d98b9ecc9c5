import random

PLAYERS = ["Anand", "Bird", "Cole", "Dietz", "Euwe", "Flohr", "Geller"]


def results(n, seed):
    rng = random.Random(seed)
    base = [(rng.choice(PLAYERS), rng.random() < 0.62) for _ in range(50000)]
    rounds = 0
    while rounds < n:
        yield from base
        rounds += 1


def longest(stream):
    run = {}
    best = {}
    for who, won in stream:
        if won:
            run[who] = run.get(who, 0) + 1
            if run[who] > best.get(who, 0):
                best[who] = run[who]
        else:
            run[who] = 0
    return best


for name, streak in sorted(longest(results(90, 3)).items()):
    print(f"{name:8s}{streak}")
