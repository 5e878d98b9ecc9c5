import random


def season(n):
    r = random.Random(66)
    names = [f"club{i}" for i in range(18)]
    matches = []
    for _ in range(10_000):
        a, b = r.sample(names, 2)
        matches.append((a, b))
    return matches * (n // 10_000)


def streaks(matches):
    run = {}
    longest = {}
    for winner, loser in matches:
        run[winner] = run.get(winner, 0) + 1
        run[loser] = 0
        if run[winner] > longest.get(winner, 0):
            longest[winner] = run[winner]
    return run, longest


run, longest = streaks(season(4_500_000))
club = max(longest, key=lambda c: (longest[c], c))
print("longest", club, longest[club])
print("alive", sorted(c for c in run if run[c])[:4])
