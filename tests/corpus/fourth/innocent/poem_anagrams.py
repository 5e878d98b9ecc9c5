"""Searches two-word anagrams of book titles, one title per task."""
import itertools
import random
from multiprocessing import Pool


def lexicon():
    rnd = random.Random(3)
    return ["".join(rnd.choices("etaoinshrdlu", k=rnd.randint(2, 5))) for _ in range(420)]


def anagrams(title):
    want = sorted(title)
    words = lexicon()
    n = 0
    for a, b in itertools.combinations(words, 2):
        if len(a) + len(b) == len(want) and sorted(a + b) == want:
            n += 1
    return title, n


def main():
    rnd = random.Random(4)
    words = lexicon()
    titles = ["".join(rnd.sample(words, 2)) for _ in range(60)]
    with Pool(2) as pool:
        found = dict(pool.imap(anagrams, titles))
    print(len(found), sum(found.values()), max(found.values()))


if __name__ == "__main__":
    main()
