from decimal import Decimal, ROUND_HALF_EVEN, getcontext
import numpy as np

getcontext().prec = 28
CENT = Decimal("0.01")


def invoice_amounts(n, seed):
    cents = np.random.default_rng(seed).integers(99, 250_000, n)
    return [Decimal(int(c)) / 100 for c in cents]


def settle(amounts, rate, daily):
    balance = Decimal(0)
    tax = Decimal(0)
    for a in amounts:
        net = (a / (1 + rate)).quantize(CENT, rounding=ROUND_HALF_EVEN)
        tax += a - net
        balance = (balance * daily + net).quantize(CENT, rounding=ROUND_HALF_EVEN)
        if balance > 100_000:
            balance -= 50_000
    return balance, tax


amounts = invoice_amounts(300_000, 12)
for rate in ("0.19", "0.07", "0.25"):
    bal, tax = settle(amounts, Decimal(rate), Decimal("1.00002"))
    print(rate, bal, tax)
