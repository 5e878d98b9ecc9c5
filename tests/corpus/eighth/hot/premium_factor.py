from fractions import Fraction
import random

DISCOUNT = Fraction(100, 103)


def survival(age):
    return 1 - Fraction(age * age, 14_500)


def annuity(age, term):
    value = Fraction(0)
    weight = Fraction(1)
    for year in range(term):
        value += weight
        weight *= DISCOUNT * survival(age + year)
    return value


def book(n):
    rng = random.Random(1762)
    for _ in range(n):
        yield rng.randrange(30, 50), rng.choice((10, 15, 20)), rng.randrange(100, 900)


def reserve(policies):
    total = Fraction(0)
    for age, term, premium in policies:
        total += round(premium * annuity(age, term), 2)
    return total


held = reserve(book(6_000))
print(f"{float(held):.2f}")
print(held.denominator)
