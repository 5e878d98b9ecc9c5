import multiprocessing

import numpy as np


def haplotypes(seed, people=260_000):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2 ** 34, people) // 4096


def distinct(seed):
    codes = haplotypes(seed)
    kinds, first, n = np.unique(codes, return_index=True, return_counts=True)
    order = np.argsort(-n, kind="stable")
    return len(kinds), int(n[order[0]]), int(first.max())


def main():
    regions = list(range(50, 74))
    with multiprocessing.Pool(2) as pool:
        rows = pool.map(distinct, regions, chunksize=3)
    print(len(rows), sum(r[0] for r in rows), max(r[1] for r in rows), rows[0][2])


if __name__ == "__main__":
    main()
