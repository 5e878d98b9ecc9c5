"""Syllable frequencies of an invented language."""
import random


def vocabulary(rng):
    onsets = ["k", "t", "sh", "m", "l", "r", "n", ""]
    nuclei = ["a", "e", "i", "o", "u", "ai", "ou"]
    codas = ["", "n", "r", "s"]
    return [o + v + c for o in onsets for v in nuclei for c in codas]


def corpus(size, seed=9):
    rng = random.Random(seed)
    syl = vocabulary(rng)
    weights = [1 / (i + 3) for i in range(len(syl))]
    base = rng.choices(syl, weights, k=size // 40)
    return base * 40


def profile(stream):
    found = {}
    for syllable in stream:
        found.setdefault(syllable, 0)
        found[syllable] += 1
    return found


def entropy_rank(found, n=5):
    return sorted(found.items(), key=lambda kv: (-kv[1], kv[0]))[:n]


text = corpus(9_000_000)
table = profile(text)
print(len(text), len(table))
for syllable, n in entropy_rank(table):
    print(repr(syllable), n)
