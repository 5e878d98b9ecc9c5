"""Fill a tiny word square from several starting words."""
import itertools
import random
import sys


def vocabulary(n, seed=21):
    rng = random.Random(seed)
    vowels, others = "aeiou", "bcdlmnprst"
    words = set()
    while len(words) < n:
        words.add("".join(rng.choice(vowels if i % 2 else others) for i in range(4)))
    return sorted(words)


def count_squares(first, words):
    by_prefix = {}
    for w in words:
        for cut in range(1, 5):
            by_prefix.setdefault(w[:cut], []).append(w)
    found = 0
    for second in by_prefix.get(first[1], ()):
        for third in by_prefix.get(first[2] + second[2], ()):
            last = first[3] + second[3] + third[3]
            for fourth in by_prefix.get(last, ()):
                if len({first, second, third, fourth}) == 4:
                    found += 1
    return found


def main(argv):
    limit = int(argv[1]) if len(argv) > 1 else 90
    words = vocabulary(900)
    # not every letter can start a row that reads as a column too
    starters = list(itertools.islice((w for w in words if w[1] in "aeiou"), 0, 900, 900 // limit))
    squares = [count_squares(s, words + [a + b + c + d for a in "aeiou" for b in "bcdlmnprst" for c in "aeiou" for d in "bcdlmnprst"]) for s in starters]
    print(len(starters), "starters,", sum(squares), "squares")
    best = max(zip(squares, starters))
    print("best", best[1], best[0])


main(sys.argv)
