"""Paid claims by region, with a deductible and a cap."""
import random

REGIONS = ["north", "south", "east", "west", "coast", "alps"]


def claims(n, seed):
    rng = random.Random(seed)
    regions = rng.choices(REGIONS, k=n)
    return [(r, rng.randrange(100, 90_000), rng.randrange(4)) for r in regions]


def settle(book, deductible, cap):
    paid = {}
    for region, amount, level in book:
        due = amount - deductible[level]
        if due <= 0:
            continue
        if due > cap:
            due = cap
        paid[region] = paid.get(region, 0) + due
    return paid


def main():
    book = claims(250_000, 10)
    for scenario in range(16):
        deductible = [300 + 50 * scenario, 500, 1000, 2500]
        paid = settle(book, deductible, 50_000)
    for region in sorted(paid):
        print(f"{region:6s} {paid[region]:>15,d}")


main()
