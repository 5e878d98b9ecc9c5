"""Multiplicative orders modulo primes, in parallel."""
from multiprocessing import Pool

PRIMES = [99_991, 199_999, 15_013, 399_989, 30_011, 799_999, 60_013, 1_199_999,
          25_013, 999_983, 45_007, 599_999]


def order(p):
    """Largest multiplicative order among a few bases."""
    best = 0
    for base in (2, 3, 5, 7, 10):
        x, k = base % p, 1
        while x != 1 and k < p:
            x = x * base % p
            k += 1
        best = max(best, k)
    return p, best


def main():
    total = 0
    with Pool(2) as pool:
        for p, k in pool.imap(order, PRIMES, chunksize=1):
            total += k
    print(len(PRIMES), total)


main()
