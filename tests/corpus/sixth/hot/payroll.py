from decimal import Decimal, ROUND_HALF_UP
import random

CENT = Decimal("0.01")
BANDS = [(Decimal(0), Decimal("0.10")), (Decimal(1500), Decimal("0.12")),
         (Decimal(4200), Decimal("0.14")), (Decimal(9000), Decimal("0.06"))]


def withheld(gross, dependants):
    base = max(Decimal(0), gross - 180 * dependants)
    owed = sum((max(Decimal(0), base - lo) * r for lo, r in BANDS), Decimal(0))
    return owed.quantize(CENT, ROUND_HALF_UP)


def gross_for(net, dependants):
    lo, hi = net, net * 2
    while hi - lo > CENT:
        mid = ((lo + hi) / 2).quantize(Decimal("0.001"))
        if mid - withheld(mid, dependants) < net:
            lo = mid
        else:
            hi = mid
    return hi.quantize(CENT, ROUND_HALF_UP)


def staff(n):
    gen = random.Random(40)
    for k in range(n):
        yield f"E{k:05d}", Decimal(1800 + 115 * gen.randrange(40)), gen.randrange(5)


def main():
    total = Decimal(0)
    top = {}
    for who, net, kids in staff(9_000):
        gross = gross_for(net, kids)
        total += gross
        top[kids] = max(top.get(kids, gross), gross)
    print(total, sorted(top.items()))


if __name__ == "__main__":
    main()
