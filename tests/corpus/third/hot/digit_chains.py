import multiprocessing as mp
from collections import Counter


def chain_end(n):
    while n > 9 and n not in (89, 145):
        n = sum(int(d) ** 2 for d in str(n))
    return 89 if n in (89, 145, 4, 37, 58, 16, 20, 42) else 1


def census(limit, workers):
    ends = Counter()
    with mp.Pool(workers) as crew:
        for end in crew.imap_unordered(chain_end, range(1, limit)):
            ends[end] += 1
    return ends


if __name__ == "__main__":
    result = census(40_000, 2)
    print(sorted(result.items()))
