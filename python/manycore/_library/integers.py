"""Whole numbers: their roots, their bits, and in how many ways something can be chosen."""

# ruff: noqa: D103
# mypy: ignore-errors

import numpy as np


def ufunc_gcd(a, b):
    one = abs(a)
    two = abs(b)
    while two != 0:
        one, two = two, one % two
    return one


def ufunc_lcm(a, b):
    common = ufunc_gcd(a, b)
    return abs(a * 0) if common == 0 else abs(a) // common * abs(b)


def math_isqrt(n):
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    root = int(np.sqrt(float(n)))
    # A float64 has 53 bits; one step sets right what it has lost.
    while root * root > n or root > 3037000499:
        root -= 1
    while root < 3037000499 and (root + 1) * (root + 1) <= n:
        root += 1
    return root


def math_factorial(n):
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    if n > 20:
        raise OverflowError("the factorial does not fit 64 bits")
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


def math_perm(n, k=None):
    if k is None:
        return math_factorial(n)
    if n < 0 or k < 0:
        raise ValueError("n and k must be non-negative integers")
    result = 1
    for i in range(k):
        result *= n - i
    return result if k <= n else 0


def math_comb(n, k):
    if n < 0 or k < 0:
        raise ValueError("n and k must be non-negative integers")
    result = 1
    for i in range(min(k, n - k)):
        # Each quotient is whole; what divides both is taken out first, so that products stay small.
        factor = n - i
        by = i + 1
        common = np.gcd(result, by)
        result = result // common * (factor // (by // common))
    return result if k <= n else 0


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
