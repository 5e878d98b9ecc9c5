import random

import numpy as np


def sessions(n):
    rng = random.Random(61)
    return [[rng.randrange(300) for _ in range(6)] for _ in range(n)]


def render(walk):
    return ">".join(f"/p{page:03d}" for page in walk)


def longest_common(walks):
    best, where = 0, ""
    texts = list(map(render, walks))
    for a, b in zip(texts, texts[7:]):
        k = 0
        while k < min(len(a), len(b)) and a[k] == b[k]:
            k += 1
        if k > best:
            best, where = k, a
    return best, where


walks = sessions(60_000)
moves = np.zeros((300, 300))
for walk in walks[:40]:
    moves[walk[0], walk[1]] += 1
print("first hops", int(moves.sum(axis=1).max()), "filled", int((moves > 0).sum()))
print("common start", *longest_common(walks))
