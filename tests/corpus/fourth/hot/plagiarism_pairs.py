"""Flags suspiciously similar essays."""
import difflib
import itertools
import random

WORDS = "river stone paper under light never after house winter market train because window little".split()


def essay(seed):
    rnd = random.Random(seed)
    return [rnd.choice(WORDS) + rnd.choice(["", "s", "ed"]) for _ in range(190)]


def likeness(pair):
    left, right = pair
    return difflib.SequenceMatcher(None, left, right, autojunk=False).ratio()


def main():
    essays = [essay(k)[:95] + essay(k % 6)[95:] for k in range(66)]
    pairs = list(itertools.combinations(essays, 2))
    scores = [likeness(p) for p in pairs]
    flagged = sum(s > 0.8 for s in scores)
    print(len(pairs), "pairs", flagged, "flagged, mean", round(sum(scores) / len(scores), 5))


if __name__ == "__main__":
    main()
