import math
import random
from multiprocessing import get_context


def affinity(a, b):
    d = math.hypot(a[0] - b[0], a[1] - b[1])
    return round(math.exp(-d), 6)


def contacts(n, k, seed):
    r = random.Random(seed)
    spots = [(r.random() * 5, r.random() * 5) for _ in range(n)]
    for i, p in enumerate(spots):
        for j in r.sample(range(n), k):
            yield p, spots[j]


class Scorer:
    def __init__(self, workers=2, batch=2):
        self.workers, self.batch = workers, batch

    def score(self, pairs):
        with get_context("fork").Pool(self.workers) as p:
            return p.starmap(affinity, pairs, self.batch)


if __name__ == "__main__":
    pairs = list(contacts(4500, 16, 9))
    w = Scorer().score(pairs)
    print(len(w), f"{sum(w):.4f}", max(w))
