"""Merge token shards back into documents."""
import random


def shards(n, seed):
    rng = random.Random(seed)
    words = [f"w{i}" for i in range(500)]
    for _ in range(n):
        yield rng.randrange(8), [rng.choice(words) for _ in range(3)]


def merge(parts, rounds):
    docs = {k: [] for k in range(8)}
    n = 0
    for r in range(rounds):
        for doc, tokens in parts:
            docs[doc] += tokens
            n += 1
    return docs, n


parts = list(shards(60_000, 1))
docs, n = merge(parts, 100)
print(n, [len(d) for d in docs.values()])
