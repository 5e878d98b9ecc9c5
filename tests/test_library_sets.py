"""Sets, polynomials and what picks elements out: compiled as NumPy has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import manycore as mc
from test_library_basic import check

pytest.importorskip("llvmlite")

generator = np.random.default_rng(0)
A = generator.integers(0, 9, 12)
B = generator.integers(0, 9, 7)
X = np.array([0, 3.0, -1.5, 0.0, 2.5, 0])
M = np.arange(12.0).reshape(3, 4)
T = np.arange(24).reshape(2, 3, 4)
C = np.array([1 + 2j, 3, 0, 2 - 1j])


@pytest.mark.parametrize(
    "expression",
    [
        "np.isin(a, b)",
        "np.isin(a, b, invert=True)",
        "np.union1d(a, b)",
        "np.setdiff1d(a, b)",
        "np.setdiff1d(a, b, assume_unique=True)",
        "np.setxor1d(a, b)",
        "np.intersect1d(a, b)",
        "np.intersect1d(a, b, return_indices=True)",
    ],
)
@pytest.mark.parametrize(
    ("a", "b"),
    [
        (A, B),
        (A / 2, B),
        (A.reshape(3, 4), B),
        (A[:0], B),
        (A, B[:0]),
        (A.astype("int32"), B.astype("uint8")),
        (np.array([1, np.nan, 2]), np.array([2, np.nan])),
    ],
)
def test_sets(expression: str, a: Any, b: Any) -> None:
    check(expression, a, b)


def test_sets_of_numbers_and_lists() -> None:
    check("np.isin(a, [1, 2]), bool(np.isin(3, a))", A)
    check("np.unique_counts(a)[1], np.unique_inverse(a)[1]", A)


POLYNOMIALS = [np.array([0, 1, -2.5, 3]), np.array([3, 0, -2]), C[:2], C[:2].astype("complex64")]


@pytest.mark.parametrize("p", POLYNOMIALS)
def test_one_polynomial(p: Any) -> None:
    for x in (2.0, 3, 1j, M, np.arange(3)):
        check("np.polyval(a, b), np.polynomial.polynomial.polyval(b, a)", p, x)
    check("np.polyder(a), np.polyder(a, 2), np.poly(a)", p)
    check("np.polyint(a), np.polyint(a, 2), np.polyint(a, 1, 3.0), np.polyint(a, 2, [1, 2])", p)


def test_coefficients_the_lowest_first() -> None:
    for p in POLYNOMIALS[:3]:
        check("np.polynomial.polynomial.polyder(a), np.polynomial.polynomial.polyint(a)", p)
    roots = mc.jit(lambda p: np.polynomial.polynomial.polyroots(p))
    np.testing.assert_allclose(roots(np.array([-6.0, 11, -6, 1])), [1, 2, 3], rtol=1e-12)


@pytest.mark.parametrize("p", [POLYNOMIALS[0][1:], *POLYNOMIALS[1:3]])
def test_two_polynomials(p: Any) -> None:
    for q in (np.array([2.0, 1]), np.array([3, 0, -2])):
        check("np.polyadd(a, b), np.polysub(a, b), np.polymul(a, b), np.polydiv(a, b)", p, q)
        for name in ("polyadd", "polysub", "polymul"):
            check(f"np.polynomial.polynomial.{name}(a, b)", p, q)
    check("np.polymul(a, 2.0)", p)


def test_fits() -> None:
    x = np.linspace(-2, 3, 30)
    y = x**3 - 2 * x + generator.random(30)
    check("np.polyfit(a, b, 3), np.polyfit(a, b, 2, w=a * a + 1)", x, y)
    check("np.polyfit(a, b, 1)", np.arange(5), 2 * np.arange(5) + 1)
    check("np.polyfit(a, b, 2)", x, np.stack((y, 2 * y), 1))
    with pytest.raises(TypeError, match="expected x and y to have same length"):
        mc.jit(lambda a, b: np.polyfit(a, b, 2))(x, y[:-1])


@pytest.mark.parametrize(
    "zeros",
    [[1, 2, 3], [1, 1], [0, 0, 2], list(range(1, 9)), [1j, -1j], [2 + 1j, 1e-3], [1e9, 1, 1e-9]],
)
def test_roots(zeros: list[complex]) -> None:
    wanted = np.sort_complex(np.array(zeros, complex))
    found = np.sort_complex(mc.jit(lambda p: np.roots(p))(np.poly(zeros)))
    np.testing.assert_allclose(found, wanted, rtol=1e-7, atol=1e-7)


def test_roots_of_constants_and_zeros_in_front() -> None:
    roots = mc.jit(lambda p: np.roots(p))
    assert roots(np.array([2.0])).size == roots(np.array([0.0, 0.0])).size == 0
    np.testing.assert_array_equal(roots(np.array([0, 0, 1.0, 0, 0])), [0, 0])


@pytest.mark.parametrize("a", [X, M, M > 3, T])
def test_what_a_mask_picks(a: Any) -> None:
    check("np.extract(a > 0, a), np.compress(a.ravel() > 0, a)", a)
    check("np.place(a, a > 2, [1.5, 2]); a", a)
    check("np.putmask(a, a > 2, [1.5, 2]); a", a)
    check("np.putmask(a, a > 0, a + a); a", a)
    check("np.resize(a, 7), np.resize(a, (2, 9))", a)


def test_compress_along_an_axis() -> None:
    check("np.compress([True, False, True], a, axis=0), np.compress([False, True], a, 1)", M)
    with pytest.raises(IndexError, match="out of bounds for axis 0 with size 3"):
        mc.jit(lambda a: np.compress(np.ones(9, np.bool_), a, axis=0))(M)
    with pytest.raises(ValueError, match="must be the same size"):
        mc.jit(lambda a: np.place(a, a[0] > 2, 1.0))(M)


def test_splits_and_shapes() -> None:
    check("np.vsplit(a, 2)[1], np.hsplit(a, 3)[1], np.dsplit(a, 2)[0]", T)
    check("np.hsplit(a, 3)[2], np.trim_zeros(a), np.trim_zeros(a, 'f'), np.trim_zeros(a, 'b')", X)
    check("np.broadcast_shapes((5, 2, 1), a.shape[:1], (1,)), np.broadcast_shapes((2, 1), 3)", M)
    check("np.broadcast_arrays(a, 2, np.ones((3, 1)))", M)
    with pytest.raises(ValueError, match="cannot be broadcast to a single shape"):
        mc.jit(lambda a: np.broadcast_shapes(a.shape, (2, 2)))(M)


def test_orders_and_kinds() -> None:
    check("np.array_equiv(a, a), np.array_equiv(a, a[0]), np.array_equiv(a, a[:2])", M)
    check("np.rollaxis(a, 2), np.rollaxis(a, 0, 2), np.rollaxis(a, -1, 1)", T)
    check("np.matrix_transpose(a), np.vecdot(a, a), np.cumulative_sum(a, axis=1)", T)
    check("np.sort_complex(a), np.vecdot(a, a)", C)
    assert mc.jit(lambda a: np.asfortranarray(a))(M).flags.f_contiguous
    with pytest.raises(ValueError, match="must not contain infs or NaNs"):
        mc.jit(lambda a: np.asarray_chkfinite(a))(np.array([1.0, np.nan]))


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("index", ["1", "-1", "[0, 2]", "np.array([1, 1])", "a[:, 0] > 20"])
def test_delete(axis: int | None, index: str) -> None:
    if "a[" in index and axis is None:
        index = "a.ravel() > 3"
    elif "a[" in index and axis != 0:
        index = "a[0] > 1"
    check(f"np.delete(a, {index}, axis={axis})", M)


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("index", ["1", "-1", "[2, 0]", "np.array([1, 1])", "len(a)"])
def test_insert(axis: int | None, index: str) -> None:
    check(f"np.insert(a, {index}, 5.5, axis={axis})", M)


def test_insert_of_several() -> None:
    check("np.insert(a, 1, [7, 8, 9], axis=1), np.insert(a, 1, a[:2], axis=0)", M)
    check("np.insert(a, [0, 2], a[:2], axis=0), np.insert(a, [4, 0, 2], [7, 8, 9])", M)
    check("np.insert(a, 1, a.T[:2, :3], axis=1), np.insert(a[0], 3, [7, 8, 9])", M)


def test_places_that_are_not_there() -> None:
    functions: list[Callable[[Any], Any]] = [
        lambda a: np.delete(a, 3, axis=0),
        lambda a: np.delete(a, -5, axis=1),
        lambda a: np.insert(a, 5, 1.0, axis=1),
    ]
    for function in functions:
        with pytest.raises(IndexError) as wanted:
            function(M)
        with pytest.raises(IndexError) as found:
            mc.jit(function)(M)
        assert str(found.value) == str(wanted.value)


def test_several_axes() -> None:
    check("np.roll(a, (1, 2), axis=(0, 1)), np.roll(a, 1, axis=(0, 1))", M)
    check("np.expand_dims(a, (0, 2)), np.expand_dims(a, (0, -1)), np.expand_dims(a, [1])", M)
    check("np.put_along_axis(a, np.argsort(a, axis=1)[:, :2], 0.5, axis=1); a", M)
    check("np.put_along_axis(a, np.argmax(a, axis=0)[None], a[:1] - 9, axis=0); a", M)
    check("np.vdot(a, a), np.vdot(a + 1j, a)", M)
