"""Net present value of a portfolio of annuities."""
import random


def book(n):
    rng = random.Random(2)
    return [(rng.uniform(50, 900), rng.randrange(5, 40)) for _ in range(n)]


def present_value(payment, years, rate):
    total = 0.0
    discount = 1.0
    for _ in range(years):
        discount /= 1.0 + rate
        total += payment * discount
    return total


def portfolio(policies, rate):
    value = 0.0
    for payment, years in policies:
        value += present_value(payment, years, rate)
    return value


policies = book(60_000)
for rate in (0.01, 0.015, 0.02, 0.03, 0.035, 0.04, 0.05, 0.06):
    print(f"{rate:.3f} {portfolio(policies, rate):.2f}")
