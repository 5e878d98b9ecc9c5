"""Whole numbers: divisors, roots, bits, and in how many ways something can be chosen."""

# ruff: noqa: D103
# mypy: ignore-errors

import numpy as np


def ufunc_gcd(x1, x2):
    # Of the type that both have together.
    kind = (x1 | x2).dtype.type
    one = abs(kind(x1))
    two = abs(kind(x2))
    while two != 0:
        rest = one % two
        one = two
        two = rest
    return one


def ufunc_lcm(x1, x2):
    divisor = np.gcd(x1, x2)
    return abs(x1 // max(divisor, 1) * x2)


def math_gcd(a=0, b=0):
    return int(np.gcd(a, b))


def math_lcm(a=1, b=1):
    return int(np.lcm(a, b))


def math_factorial(n):
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    if n > 20:
        raise OverflowError("the factorial does not fit 64 bits; use math.gamma")
    result = 1
    for k in range(2, n + 1):
        result *= k
    return result


def math_comb(n, k):
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    result = 1
    # Of what has been multiplied so far, the next factor is a divisor.
    for i in range(min(k, n - k) if k <= n else 0):
        divisor = int(np.gcd(result, i + 1))
        result = result // divisor * ((n - i) // ((i + 1) // divisor))
    return result if k <= n else 0


def math_perm(n, k=None):
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    count = n if k is None else k
    if count < 0:
        raise ValueError("k must be a non-negative integer")
    result = 1 if count <= n else 0
    for i in range(min(n, count)):
        result *= n - i
    return result


def math_isqrt(n):
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    root = int(np.sqrt(float(n)))
    # Large ones are rounded on their way.
    while root > 3037000499 or root * root > n:
        root -= 1
    while root < 3037000499 and (root + 1) * (root + 1) <= n:
        root += 1
    return root


def number_is_integer(x):
    return x == np.floor(x)


def number_bit_length(n):
    left = abs(n)
    count = 0
    while left > 0:
        left >>= 1
        count += 1
    return count


def number_bit_count(n):
    return int(np.bitwise_count(n))
