import random
from difflib import SequenceMatcher

SOUNDS = "aeioubdgklmnprst "


def article(rnd, n):
    return "".join(rnd.choices(SOUNDS, k=n))


def revise(rnd, text):
    chars = list(text)
    for _ in range(len(chars) // 6):
        chars[rnd.randrange(len(chars))] = rnd.choice(SOUNDS)
    return "".join(chars)


def kinship(pair):
    old, new = pair
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def main():
    rnd = random.Random(1911)
    editions = {}
    for k in range(18):
        old = article(rnd, 1100)
        editions[f"s.v. {k + 1:02d}"] = (old, revise(rnd, old))
    drift = dict(zip(editions, map(kinship, editions.values())))
    for name in sorted(drift, key=drift.get)[:4]:
        print(name, round(drift[name], 5))
    print("mean", round(sum(drift.values()) / len(drift), 6))


main()
