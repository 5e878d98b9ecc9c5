from decimal import Decimal

import numpy as np

CENT = Decimal("0.01")


def balances(count):
    return np.array([Decimal(i * 37 % 100_003) / 100 for i in range(count)], dtype=object)


def year_end(balance, rate, fee):
    interest = balance * rate
    taxed = interest - interest * Decimal("0.25")
    return balance + taxed - fee + balance * Decimal("0.001")


def rounded_sum(values):
    return sum(values.tolist(), Decimal(0)).quantize(CENT)


accounts = balances(90_000)
for year in range(8):
    accounts = year_end(accounts, Decimal("0.0175"), fee=CENT)
print(rounded_sum(accounts))
