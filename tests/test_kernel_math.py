"""Mathematical functions in compiled loops: as exact as is said, in vectors of every width."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import manycore as mc

# Enough for vectors of 512 bits, for smaller ones and for single numbers.
COUNT = 1021
pytestmark = pytest.mark.skipif(
    np.finfo(np.longdouble).nmant <= np.finfo(np.float64).nmant,
    reason="nothing here is more exact than float64",
)


@mc.jit
def transcendental(x: Any, out: Any) -> None:
    for i in range(len(x)):
        out[0, i] = np.exp(x[i])
        out[1, i] = np.log(x[i])
        out[2, i] = np.sin(x[i])
        out[3, i] = np.cos(x[i])


@mc.jit
def trigonometric(x: Any, out: Any) -> None:
    for i in range(len(x)):
        out[0, i] = np.tan(x[i])
        out[1, i] = np.arcsin(x[i])
        out[2, i] = np.arccos(x[i])
        out[3, i] = np.arctan(x[i])


@mc.jit
def hyperbolic(x: Any, out: Any) -> None:
    for i in range(len(x)):
        out[0, i] = np.sinh(x[i])
        out[1, i] = np.cosh(x[i])
        out[2, i] = np.tanh(x[i])
        out[3, i] = np.arctanh(x[i])


@mc.jit
def powers(x: Any, out: Any) -> None:
    for i in range(len(x)):
        out[0, i] = np.exp2(x[i])
        out[1, i] = np.expm1(x[i])
        out[2, i] = np.log1p(x[i])
        out[3, i] = np.cbrt(x[i])


FUNCTIONS: dict[Any, list[Callable[..., Any]]] = {
    transcendental: [np.exp, np.log, np.sin, np.cos],
    trigonometric: [np.tan, np.arcsin, np.arccos, np.arctan],
    hyperbolic: [np.sinh, np.cosh, np.tanh, np.arctanh],
    powers: [np.exp2, np.expm1, np.log1p, np.cbrt],
}


def errors(found: Any, exact: Any) -> Any:
    """How many units in the last place something is from what it should be."""
    return np.abs(found - exact) / np.spacing(np.abs(exact).astype(found.dtype))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kernel", FUNCTIONS, ids=lambda kernel: kernel.__name__)
def test_functions_are_within_two_units_in_the_last_place(kernel: Any, dtype: Any) -> None:
    x = np.random.default_rng(0).uniform(0.001, 0.999, COUNT).astype(dtype)
    out = np.empty((4, COUNT), dtype)
    kernel(x, out)
    for row, function in zip(out, FUNCTIONS[kernel], strict=True):
        most = 1 if function in (np.exp, np.log) else 2
        assert errors(row, function(x.astype(np.longdouble))).max() < most, function


@mc.jit
def waves(x: Any, sine: Any, cosine: Any) -> None:
    for i in range(len(x)):
        sine[i] = math.sin(x[i])
        cosine[i] = math.cos(x[i])


def test_sines_of_all_angles_are_as_exact() -> None:
    random = np.random.default_rng(1)
    near_zeros = random.integers(-(2**20), 2**20, COUNT) * (np.pi / 2)
    for x in (random.uniform(-7, 7, COUNT), random.uniform(-4e6, 4e6, COUNT), near_zeros):
        sine, cosine = np.empty((2, COUNT))
        waves(x, sine, cosine)
        assert errors(sine, np.sin(x.astype(np.longdouble))).max() < 2
        assert errors(cosine, np.cos(x.astype(np.longdouble))).max() < 2
    special = np.array([0.0, -0.0, np.nan, np.inf, 1e300, 5e-324])
    sine, cosine = np.empty((2, 6))
    with np.errstate(invalid="ignore"):
        waves(special, sine, cosine)
        np.testing.assert_array_equal(sine, np.sin(special))
        np.testing.assert_array_equal(cosine, np.cos(special))
    assert np.signbit(sine[:2]).tolist() == [False, True]


@mc.jit
def mixed(x: Any, y: Any, out: Any) -> None:
    for i in range(len(x)):
        if x[i] > y[i]:
            out[i] = np.exp(x[i]) + np.log(y[i]) + i
        else:
            out[i] = np.hypot(x[i], y[i])


def test_functions_of_two_widths_in_one_loop() -> None:
    random = np.random.default_rng(2)
    x, y = random.random(COUNT), random.random(COUNT).astype(np.float32)
    out = np.empty(COUNT)
    mixed(x, y, out)
    expected = np.where(x > y, np.exp(x) + np.log(y) + np.arange(COUNT), np.hypot(x, y))
    np.testing.assert_allclose(out, expected, rtol=1e-6)


@mc.jit
def fused(x: Any, y: Any) -> Any:
    return np.sin(x) ** 2 + np.exp(-y) * x


def test_expressions_of_arrays_with_one_row_or_column() -> None:
    x, y = np.random.default_rng(3).random((2, 5, 21))
    for one, two in ((x, y), (x[:1], y), (x, y[:, :1]), (x[:, :1], y[:1]), (x[:1, :1], y)):
        np.testing.assert_allclose(fused(one, two), fused.py_func(one, two), rtol=1e-14)
