from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction


def harmonic_tail(start):
    total = Fraction(0)
    for k in range(start, start + 12):
        total += Fraction(1, k)
    return total.numerator % 1_000_003


def main():
    with ProcessPoolExecutor(max_workers=2) as executor:
        tails = list(executor.map(harmonic_tail, range(1, 30_001), chunksize=500))
    print(len(tails), sum(tails))


if __name__ == "__main__":
    main()
