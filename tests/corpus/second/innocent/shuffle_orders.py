"""Exact numbers of deck orders with k fixed cards, as whole numbers."""
import argparse


def derangements(limit):
    before, now = 1, 0
    for n in range(2, limit + 1):
        before, now = now, (n - 1) * (before + now)
    return now


def digits_of(value, mod=10**9 + 7):
    return value % mod, value.bit_length()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--deck", type=int, default=21000)
    a = ap.parse_args()
    for deck in (52, 104, a.deck, a.deck + 1500):
        tail, bits = digits_of(derangements(deck))
        print(f"{deck:6d} cards: {bits} bits, remainder {tail}")


main()
