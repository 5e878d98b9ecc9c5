import random
from multiprocessing import Pool


def check_digits(number):
    """Luhn sums for all prefixes of a card number."""
    total, flips = 0, 0
    sums = 0
    for c in reversed(str(number)):
        d = int(c) * (1 + flips)
        total += d - 9 if d > 9 else d
        flips ^= 1
        sums += total % 10 == 0
    return sums


def issue(n, seed):
    rng = random.Random(seed)
    return [4_000_000_000_000_000 + rng.randrange(10 ** 15) for _ in range(n)]


if __name__ == "__main__":
    cards = issue(380_000, 6)
    with Pool(2) as pool:
        sums = pool.map(check_digits, cards)
    print(len(sums), sum(sums), max(sums))
