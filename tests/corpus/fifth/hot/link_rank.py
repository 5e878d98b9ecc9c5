"""Rank the pages of a wiki by random surfing."""
import random

import numpy as np


class Wiki:
    def __init__(self, pages, seed):
        self.rng = random.Random(seed)
        self.links = {p: self.rng.sample(range(pages), 8) for p in range(pages)}

    def transition(self):
        n = len(self.links)
        t = np.zeros((n, n))
        for page, targets in self.links.items():
            for other in targets:
                t[other, page] = 1 / len(targets)
        return t


def surf(t, damping=0.85, rounds=90):
    n = t.shape[0]
    rank = np.full(n, 1 / n)
    for _ in range(rounds):
        rank = (1 - damping) / n + damping * t.dot(rank)
    return rank


wiki = Wiki(4500, 8)
rank = surf(wiki.transition())
best = np.argsort(-rank)[:4]
print(best.tolist())
print(" ".join(f"{rank[b] * 1e4:.4f}" for b in best))
