import random

rng = random.Random(2024)
ALPHABET = "abcdefghijklmnopqrstuvwxyz "


def evolve(phrase):
    best, best_score = phrase, score(phrase)
    for _ in range(900):
        chars = list(best)
        chars[rng.randrange(len(chars))] = rng.choice(ALPHABET)
        trial = "".join(chars)
        s = score(trial)
        if s >= best_score:
            best, best_score = trial, s
    return best, best_score


def score(text, target="methinks it is like a weasel"):
    return sum(a == b for a, b in zip(text, target))


def newcomers(n):
    return ["".join(rng.choice(ALPHABET) for _ in range(28)) for _ in range(n)]


population = newcomers(320)
grown = [evolve(p) for p in population]
top = max(grown, key=lambda t: t[1])
print(top, sum(s for _, s in grown), round(rng.random(), 6))
