from decimal import Decimal, ROUND_HALF_EVEN

import numpy as np

CENT = Decimal("0.01")


def accounts(n):
    g = np.random.default_rng(25)
    raw = g.integers(1000, 9_000_000, n)
    return np.array([Decimal(int(c)).scaleb(-2) for c in raw], dtype=object)


def credit(balances, rate):
    total = Decimal(0)
    for i in range(len(balances)):
        interest = (balances[i] * rate).quantize(CENT, rounding=ROUND_HALF_EVEN)
        balances[i] = balances[i] + interest
        total += interest
    return total


def main():
    balances = accounts(40_000)
    for quarter in range(1, 17):
        rate = Decimal(quarter % 5 + 3) / 1000
        paid = credit(balances, rate)
        if quarter % 4 == 0:
            print("quarter", quarter, "interest", paid)
    print("sum", sum(balances.tolist()))


main()
