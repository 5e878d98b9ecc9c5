from fractions import Fraction
from math import isqrt


def digits_of_sqrt(n, terms):
    """Continued fraction terms of sqrt(n)."""
    a0 = isqrt(n)
    m, d, a = 0, 1, a0
    for _ in range(terms):
        yield a
        if d == 0 or a0 * a0 == n:
            return
        m = d * a - m
        d = (n - m * m) // d
        a = (a0 + m) // d


def convergent(terms):
    value = Fraction(terms[-1])
    for a in reversed(terms[:-1]):
        value = a + 1 / value
    return value


for n in (2, 7, 13, 19, 31, 46, 61, 94):
    terms = list(digits_of_sqrt(n, 9500))
    value = convergent(terms)
    square = value * value
    print(n, len(str(value.numerator)), str(value.denominator)[:12], square > n)
