from concurrent.futures import ThreadPoolExecutor

import numpy as np


def distinct(seed):
    values = np.arange(seed, seed + 400_000, dtype=np.int64) * 48_271 % 100_003
    values.sort(kind="stable")
    return int(np.count_nonzero(values[1:] != values[:-1])) + 1


def main():
    with ThreadPoolExecutor(max_workers=2) as pool:
        counts = list(pool.map(distinct, range(80)))
    print(len(counts), sum(counts))


main()
