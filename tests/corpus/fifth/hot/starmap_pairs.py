# Contacts between residues of a protein, by a pool
import math
import multiprocessing as mp
from itertools import combinations

CUTOFF = 6.5


def helix(n):
    for i in range(n):
        a = math.radians(100 * i)
        yield (2.3 * math.cos(a), 2.3 * math.sin(a), 1.5 * i if i % 60 < 40 else 90 - 1.5 * i)


def contact(p, q):
    d = math.dist(p, q)
    return 1 if d < CUTOFF else 0


def main():
    atoms = list(helix(270))
    pairs = list(combinations(atoms, 2))
    ctx = mp.get_context("fork")
    with ctx.Pool(processes=2) as pool:
        hits = pool.starmap(contact, pairs, chunksize=1)
    close = [pair for pair, hit in zip(pairs, hits) if hit]
    print(len(pairs), sum(hits), f"{close[-1][0][2]:.2f}")


if __name__ == "__main__":
    main()
