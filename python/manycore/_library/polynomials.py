"""Polynomials, as arrays of coefficients: the highest first, and in `polynomial` the lowest."""

# mypy: ignore-errors

import numpy as np

from manycore._jit import jit
from manycore._kernel_library import kernel


def horner(coefficients, x, kind):
    total = kind(0)
    for i in range(coefficients.size):
        total = total * kind(x) + kind(coefficients[i])
    return total


def polyval(p, x):
    p = np.asarray(p)
    if kernel.is_scalar(x):
        return horner(p, x, kernel.promote(p.dtype, np.asarray(x).dtype))
    places = np.asarray(x)
    result = np.empty(places.shape, kernel.promote(p.dtype, places.dtype))
    for index in np.ndindex(places.shape):
        result[index] = horner(p, places[index], result.dtype.type)
    return result


def without_zeros(p):
    """Without zeros in front, but for one if there is nothing else."""
    start = 0
    while start < p.size - 1 and p[start] == 0:
        start += 1
    return p[start:]


def polyadd(a1, a2):
    one = np.atleast_1d(a1)
    two = np.atleast_1d(a2)
    result = np.zeros(max(one.size, two.size), kernel.promote(one.dtype, two.dtype))
    result[result.size - one.size :] += one
    result[result.size - two.size :] += two
    return result


def polysub(a1, a2):
    return np.polyadd(a1, -np.atleast_1d(a2))


def polymul(a1, a2):
    return np.convolve(without_zeros(np.atleast_1d(a1)), without_zeros(np.atleast_1d(a2)))


def polydiv(u, v):
    one = np.atleast_1d(u)
    two = np.atleast_1d(v)
    kind = kernel.floating(kernel.promote(one.dtype, two.dtype))
    rest = one.astype(kind)
    steps = max(0, rest.size - two.size + 1)
    quotient = np.zeros(max(1, steps), kind)
    for k in range(steps):
        factor = np.divide(rest[k], kind(two[0]))
        quotient[k] = factor
        for i in range(two.size):
            rest[k + i] -= factor * kind(two[i])
    # What is left is of a lower degree; what should be zero there is nearly.
    first = 0
    while first < rest.size - 1 and np.abs(rest[first]) <= 1e-14:
        first += 1
    return quotient, rest[first:]


def polyder(p, m=1):
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    p = np.asarray(p)
    result = p.astype(kernel.promote(p.dtype, np.int64))
    for _ in range(m):
        degree = max(0, result.size - 1)
        lower = np.empty(degree, result.dtype)
        for i in range(degree):
            lower[i] = result[i] * (degree - i)
        result = lower
    return result


def polyint(p, m=1, k=None):
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    constants = np.zeros(m) if k is None else np.atleast_1d(k).astype(np.float64)
    if constants.size == 1 and m > 1:
        constants = np.full(m, constants[0])
    if constants.size < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    p = np.asarray(p)
    result = p.astype(kernel.promote(p.dtype, np.float64))
    for step in range(m):
        higher = np.empty(result.size + 1, result.dtype)
        for i in range(result.size):
            higher[i] = result[i] / (result.size - i)
        higher[result.size] = constants[step]
        result = higher
    return result


def polyfit(x, y, deg, rcond=None, w=None):
    places = np.asarray(x).astype(np.float64)
    values = np.asarray(y).astype(np.float64)
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if places.ndim != 1:
        kernel.fail("polyfit of places that are no vector")
    if places.size == 0:
        raise TypeError("expected non-empty vector for x")
    if places.size != values.shape[0]:
        raise TypeError("expected x and y to have same length")
    powers = np.vander(places, deg + 1)
    if w is not None:
        weights = np.asarray(w).astype(np.float64)
        if weights.size != values.shape[0]:
            raise TypeError("expected w and y to have the same length")
        for i in range(places.size):
            powers[i] *= weights[i]
            values[i] *= weights[i]
    # Columns of one length: the worst of what powers do to the condition.
    scale = np.sqrt(np.sum(powers * powers, axis=0))
    least = places.size * 2.220446049250313e-16 if rcond is None else rcond
    found = np.linalg.lstsq(powers / scale, values, least)[0]
    return (found.T / scale).T


def poly(seq_of_zeros):
    zeros = np.atleast_1d(seq_of_zeros)
    if zeros.ndim != 1:
        kernel.fail("poly of a matrix")
    result = np.zeros(zeros.size + 1, kernel.floating(zeros.dtype))
    result[0] = 1
    for i in range(zeros.size):
        for k in range(i + 1, 0, -1):
            result[k] -= zeros[i] * result[k - 1]
    return result


@jit
def places_of_zero(p):
    """Find the roots of what begins and ends with no zero: Ehrlich and Aberth's method."""
    degree = p.size - 1
    # With roots of size 1 in the middle, no power is out of range.
    radius = np.exp((np.log(np.abs(p[degree])) - np.log(np.abs(p[0]))) / max(1, degree))
    scaled = p / p[0]
    for k in range(p.size):
        for _ in range(k):
            scaled[k] /= radius
    roots = np.empty(degree, np.complex128)
    for k in range(degree):
        angle = 2.0 * np.pi * k / degree + 0.4
        roots[k] = complex(np.cos(angle), np.sin(angle))
    for _ in range(200):
        farthest = 0.0
        for k in range(degree):
            one = roots[k]
            value = 1.0 + 0.0j
            slope = 0.0 + 0.0j
            for i in range(1, p.size):
                slope = slope * one + value
                value = value * one + scaled[i]
            pull = 0.0 + 0.0j
            for i in range(degree):
                if i != k and roots[i] != one:
                    pull += 1.0 / (one - roots[i])
            below = slope - value * pull
            if value != 0 and below != 0:
                step = value / below
                roots[k] = one - step
                farthest = max(farthest, np.abs(step) / max(np.abs(one), 1e-300))
        if farthest < 2e-16:
            break
    return roots * radius


def roots(p):
    p = np.atleast_1d(p).astype(np.complex128)
    start = 0
    stop = p.size
    while start < stop and p[start] == 0:
        start += 1
    while stop > start and p[stop - 1] == 0:
        stop -= 1
    result = np.zeros(max(0, p.size - start - 1), np.complex128)
    if stop - start > 1:
        result[: stop - start - 1] = places_of_zero(p[start:stop].copy())
    return result


def polynomial_polyval(x, c, tensor=True):
    c = np.asarray(c)
    return np.polyval(c[::-1].astype(kernel.floating(c.dtype)), x)


def polynomial_polyadd(c1, c2):
    return low_first(np.polyadd(np.atleast_1d(c1)[::-1], np.atleast_1d(c2)[::-1]))


def polynomial_polysub(c1, c2):
    return low_first(np.polysub(np.atleast_1d(c1)[::-1], np.atleast_1d(c2)[::-1]))


def polynomial_polymul(c1, c2):
    return low_first(np.polymul(np.atleast_1d(c1)[::-1], np.atleast_1d(c2)[::-1]))


def low_first(p):
    return without_zeros(p)[::-1].astype(kernel.floating(p.dtype))


def polynomial_polyder(c, m=1):
    c = np.asarray(c)
    return np.polyder(c[::-1].astype(kernel.floating(c.dtype)), m)[::-1]


def polynomial_polyint(c, m=1):
    return np.polyint(np.asarray(c)[::-1], m)[::-1]


def polynomial_polyfit(x, y, deg):
    return np.polyfit(x, y, deg)[::-1]


def polynomial_polyroots(c):
    return np.sort(np.roots(np.asarray(c)[::-1]))
