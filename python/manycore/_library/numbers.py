"""Single numbers: their parts, and what kind of numbers they are; much of `math`."""

# ruff: noqa: A001, D401
# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel


def ufunc_heaviside(x1, x2):
    kind = (x1 + x2 + 0.0).dtype.type
    if x1 == 0:
        return kind(x2)
    return kind(0 if x1 < 0 else 1) if x1 == x1 else kind(x1)


def ufunc_logaddexp(x1, x2):
    more = np.log1p(np.exp(-np.abs(np.subtract(x1, x2))))
    # Both may be of one infinity.
    return np.maximum(x1, x2) + (more.dtype.type(0.6931471805599453) if x1 == x2 else more)


def ufunc_logaddexp2(x1, x2):
    more = np.log1p(np.exp2(-np.abs(np.subtract(x1, x2)))) * 1.4426950408889634
    return np.maximum(x1, x2) + (more.dtype.type(1) if x1 == x2 else more)


def scaled_by_two(x, exponent):
    """`x * 2**exponent`, in parts that are in range themselves."""
    part = min(max(int(exponent), -2200), 2200) // 3
    rest = min(max(int(exponent), -2200), 2200) - 2 * part
    return x * 2.0**part * 2.0**part * 2.0**rest


def ufunc_ldexp(x1, x2):
    return scaled_by_two(x1, x2)


def ufunc_isposinf(x):
    return x == np.inf


def ufunc_isneginf(x):
    return x == -np.inf


def ufunc_iscomplex(x):
    return x.imag != 0


def ufunc_isreal(x):
    return x.imag == 0


def ufunc_i0(x):
    # The series of the modified Bessel function; all of its terms are positive.
    quarter = np.square(x / 2.0)
    term = 1.0
    total = 1.0
    k = 0
    while term > total * 1e-17:
        k += 1
        term *= quarter / (k * k)
        total += term
    return total if quarter == quarter else quarter


def isscalar(element):
    return kernel.is_scalar(element)


def iscomplexobj(x):
    return kernel.is_complex(np.asarray(x).dtype)


def isrealobj(x):
    return not kernel.is_complex(np.asarray(x).dtype)


def divmod(x1, x2):
    return np.floor_divide(x1, x2), np.remainder(x1, x2)


def modf(x):
    whole = np.trunc(x)
    return np.copysign(np.where(np.isinf(x), 0.0, x - whole), x), whole


def frexp(x):
    values = x if kernel.is_scalar(x) else np.asarray(x)
    is_plain = np.isfinite(values) & (values != 0)
    size = np.abs(np.where(is_plain, values, 1.0))
    # The logarithm may be one off next to a power of two.
    guess = np.floor(np.log2(size)).astype(np.int64)
    part = np.ldexp(size, -guess)
    guess = guess + np.where(part >= 2.0, 1, np.where(part < 1.0, -1, 0)) + 1
    mantissa = np.copysign(np.ldexp(size, -guess), values)
    exponent = np.where(is_plain, guess, 0).astype(np.int32)
    return np.where(is_plain, mantissa, values), exponent


def math_isclose(a, b, rel_tol=1e-09, abs_tol=0.0):
    if rel_tol < 0 or abs_tol < 0:
        raise ValueError("tolerances must be non-negative")
    far = abs(a - b)
    near = far <= max(rel_tol * max(abs(a), abs(b)), abs_tol)
    return a == b or (near and bool(np.isfinite(far)))


cmath_isclose = math_isclose


def math_ldexp(x, i):
    result = scaled_by_two(float(x), i)
    if np.isinf(result) and np.isfinite(x):
        raise OverflowError("math range error")
    return result


def math_frexp(x):
    mantissa, exponent = np.frexp(float(x))
    return float(mantissa), int(exponent)


def math_modf(x):
    part, whole = np.modf(float(x))
    return float(part), float(whole)


def math_nextafter(x, y):
    return float(np.nextafter(float(x), float(y)))


def math_ulp(x):
    return abs(float(np.spacing(abs(float(x)))))


def math_remainder(x, y):
    one = abs(float(x))
    two = abs(float(y))
    if np.isinf(one) or two == 0:
        raise ValueError("math domain error")
    rest = np.fmod(one, two)
    left = two - rest
    # In the middle, to the even multiple.
    middle = rest - 2.0 * np.fmod(0.5 * (one - rest), two)
    signed = rest if rest < left else -left if rest > left else middle
    return float(np.copysign(1.0, float(x)) * signed if np.isfinite(two) else x + 0.0)


def cmath_polar(z):
    return abs(complex(z)), float(np.angle(z))


def cmath_rect(r, phi):
    return complex(r * np.cos(phi), r * np.sin(phi))
