"""Functions of single numbers, windows and bits in compiled code are those of NumPy and `math`."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import manycore as mc
from test_library_basic import check

pytest.importorskip("llvmlite")

NAN, INF = math.nan, math.inf
REALS = np.array([3.0, -1.5, 0.0, NAN, INF, -INF, 1e-310, 2.5, -0.0])


@pytest.mark.parametrize("function", ["gcd", "lcm"])
@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8"])
def test_divisors(function: str, dtype: str) -> None:
    a = np.array([12, 18, 0, 7, 5, 100], dtype)
    check(f"np.{function}(a, 4)", a)
    check(f"np.{function}(a, b)", a, a[::-1].copy())
    check(f"np.{function}(a, b)", -12, 18)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    "expression",
    [
        "np.heaviside(a, 0.5)",
        "np.logaddexp(a, 1.0)",
        "np.logaddexp(a, a)",
        "np.logaddexp2(a, 1.0)",
        "np.ldexp(a, 3)",
        "np.frexp(a)",
        "np.modf(a)",
        "np.divmod(a, 2.0)",
        "np.isposinf(a)",
        "np.isneginf(a)",
        "np.isreal(a)",
    ],
)
def test_parts(expression: str, dtype: str) -> None:
    check(expression, REALS.astype(dtype))


def test_kinds_of_numbers() -> None:
    a = np.array([1 + 2j, 3, 0])
    check("np.isreal(a), np.iscomplex(a), np.isrealobj(a), np.iscomplexobj(a), np.isscalar(a)", a)
    check("np.isreal(a), np.iscomplex(a), np.isrealobj(a), np.iscomplexobj(a), np.isscalar(a)", 2)


@pytest.mark.parametrize("exponent", [-2000, -1074, -1000, -3, 0, 1000, 1024, 2000])
def test_powers_of_two(exponent: int) -> None:
    check("np.ldexp(a, b)", np.array([1.5, -2.75, 5e-324, 1e-310, 1.7e308, 0.1]), exponent)


def test_mantissas_next_to_powers_of_two() -> None:
    powers = 2.0 ** np.arange(-1073, 1024)
    check("np.frexp(a)", powers)
    check("np.frexp(a)", np.nextafter(powers, 0))


def test_bessel() -> None:
    check("np.i0(a)", np.array([0, 0.5, -3, 8, 20, 700.0, NAN]))


@pytest.mark.parametrize("window", ["bartlett", "blackman", "hamming", "hanning"])
@pytest.mark.parametrize("count", [-1, 0, 1, 2, 5, 10])
def test_windows(window: str, count: int) -> None:
    check(f"np.{window}(a)", count)
    check("np.kaiser(a, 8.6)", count)


CASES: list[tuple[Callable[..., Any], list[tuple[Any, ...]]]] = [
    (lambda a, b: math.gcd(a, b), [(12, 18), (-12, 18), (0, 0)]),
    (lambda a, b: math.lcm(a, b), [(4, 6), (0, 3)]),
    (lambda a: math.factorial(a), [(0,), (20,)]),
    (lambda a, b: math.comb(a, b), [(5, 2), (61, 30), (62, 31), (3, 5)]),
    (lambda a, b: math.perm(a, b), [(5, 2), (5, 6), (5, 0)]),
    (lambda a: math.isqrt(a), [(17,), (0,), (2**62,), (2**63 - 1,), (3037000499**2 - 1,)]),
    (lambda a, b: math.isclose(a, b), [(1.0, 1 + 1e-12), (1.0, 1.1), (INF, INF), (INF, 1.0)]),
    (lambda a, b: math.isclose(a, b, abs_tol=0.2), [(0.0, 0.1)]),
    (lambda a: math.frexp(a), [(8.0,), (0.1,), (0.0,), (INF,), (-3,)]),
    (lambda a: math.modf(a), [(2.5,), (-2.5,), (-INF,), (3,)]),
    (lambda a, b: math.ldexp(a, b), [(0.75, 3), (0.75, -1080), (5e-324, 1074)]),
    (lambda a, b: math.nextafter(a, b), [(1.0, 2.0), (1, 0)]),
    (lambda a: math.ulp(a), [(1.0,), (-1e10,)]),
    (
        lambda a, b: math.remainder(a, b),
        [(7.0, 4.0), (6.0, 4.0), (-6.0, 4.0), (10.0, 4.0), (5.5, 2), (1.0, INF), (NAN, 1.0)],
    ),
    (lambda a: cmath.polar(a), [(1 + 1j,), (-2,)]),
    (lambda a, b: cmath.rect(a, b), [(1.0, 2.0)]),
]


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_math(function: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> None:
    compiled = mc.jit(function)
    for given in arguments:
        found, wanted = compiled(*given), function(*given)
        assert type(found) is type(wanted)
        assert found == pytest.approx(wanted, rel=1e-14, abs=0, nan_ok=True)


FAILURES: list[tuple[Callable[..., Any], tuple[Any, ...], type[Exception]]] = [
    (lambda a: math.factorial(a), (-1,), ValueError),
    (lambda a: math.isqrt(a), (-1,), ValueError),
    (lambda a, b: math.comb(a, b), (-1, 2), ValueError),
    (lambda a, b: math.comb(a, b), (3, -1), ValueError),
    (lambda a, b: math.perm(a, b), (-3, 1), ValueError),
    (lambda a, b: math.ldexp(a, b), (1.0, 2000), OverflowError),
    (lambda a, b: math.remainder(a, b), (1.0, 0.0), ValueError),
    (lambda a, b: math.isclose(a, b, rel_tol=-1.0), (1.0, 0.0), ValueError),
]


@pytest.mark.parametrize(("function", "given", "kind"), FAILURES)
def test_math_that_fails(
    function: Callable[..., Any], given: tuple[Any, ...], kind: type[Exception]
) -> None:
    with pytest.raises(kind) as wanted:
        function(*given)
    with pytest.raises(kind) as found:
        mc.jit(function)(*given)
    assert str(found.value) == str(wanted.value)


def test_a_factorial_that_does_not_fit_is_refused() -> None:
    with pytest.raises(OverflowError, match="does not fit 64 bits"):
        mc.jit(lambda n: math.factorial(n))(21)


@pytest.mark.parametrize("expression", ["a", "a, axis=0", "a, axis=-1, bitorder='little'"])
def test_bits(expression: str) -> None:
    generator = np.random.default_rng(0)
    check(f"np.packbits({expression})", generator.random((5, 11)) > 0.5)
    check(f"np.unpackbits({expression})", generator.integers(0, 256, (3, 4)).astype("uint8"))


def test_as_many_bits_as_are_asked_for() -> None:
    a = np.array([3, 200], "uint8")
    check("np.unpackbits(a, count=5), np.unpackbits(a, count=-3), np.unpackbits(a, count=20)", a)
    with pytest.raises(ValueError, match="-count larger than number of elements"):
        mc.jit(lambda a: np.unpackbits(a, count=-20))(a)
