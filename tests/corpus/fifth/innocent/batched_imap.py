"""GC skew of many short fragments with a pool, in batches."""
import random
from itertools import islice
from multiprocessing import Pool


def fragments(n, seed):
    rng = random.Random(seed)
    genome = "".join(rng.choices("ACGT", k=50_000))
    for _ in range(n):
        p = rng.randrange(49_800)
        yield genome[p:p + 120]


def batches(items, size):
    it = iter(items)
    while batch := list(islice(it, size)):
        yield batch


def skew(batch):
    out = 0
    for seq in batch:
        best = level = 0
        for c in seq:
            if c == "G":
                level += 1
            elif c == "C":
                level -= 1
            if level > best:
                best = level
        out += best
    return out


def main():
    total = 0
    with Pool(2) as pool:
        for part in pool.imap(skew, batches(fragments(160_000, 2), 1000)):
            total += part
    print(total)


main()
