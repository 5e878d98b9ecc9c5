"""Variables of compiled functions: unset ones, functions as arguments, parts of arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import manycore as mc

# Functions as users write them: without annotations.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,has-type"


def maybe(n):
    if n > 0:
        x = 1.5 * n
    return x


def last(n):
    for i in range(n):
        x = 2.0 * i
    return x + i


def previous(a):
    total = 0.0
    for i in range(len(a)):
        if i > 0:
            total += before * a[i]  # noqa: F821
        before = a[i]  # noqa: F841
    return total


def searched(a, wanted):
    for i in range(len(a)):
        if a[i] == wanted:
            where = i
    return where


def endless(n):
    while True:
        x = 2 * n
        if x > 5:
            break
        n += 1
    return x


def unpacked(n):
    if n:
        a, (b, *c) = 1, (2, 3, 4)
    return a + b + c[1]


def array(n):
    if n:
        x = np.ones(n)
    x += 1
    return x.sum()


@pytest.mark.parametrize(
    ("function", "values"),
    [
        (maybe, [1, 0]),
        (last, [3, 0]),
        (previous, [np.arange(4.0), np.arange(0.0)]),
        (endless, [0, 9]),
        (unpacked, [1, 0]),
        (array, [3, 0]),
    ],
)
def test_unset_variables_are_pythons(function: Callable[[Any], Any], values: list[Any]) -> None:
    fast = mc.jit(function)
    for value in values:
        try:
            wanted = function(value)
        except UnboundLocalError as error:
            with pytest.raises(UnboundLocalError, match=f"^{error}$"):
                fast(value)
        else:
            assert fast(value) == wanted


def test_a_search_that_finds_nothing() -> None:
    fast = mc.jit(searched)
    assert fast(np.array([3, 1, 4]), 4) == 2
    with pytest.raises(UnboundLocalError, match="'where'"):
        fast(np.array([3, 1, 4]), 5)


def test_a_round_of_prange_keeps_what_it_assigns() -> None:
    def behind(n):
        kept = 0
        for i in mc.prange(n):
            kept = i
        return kept

    def again(n):
        out = np.zeros(n)
        for i in mc.prange(n):
            x = 2.0 * i
            out[i] = x
        x = 1.0
        return out.sum() + x

    with pytest.raises(mc.CompileError, match="kept is read behind a prange"):
        mc.jit(parallel=True)(behind)(5)
    assert mc.jit(behind)(5) == 4
    assert mc.jit(parallel=True)(again)(5) == 21.0


def rk4(f, y, steps, h):
    for _ in range(steps):
        k1 = f(y)
        k2 = f(y + h / 2 * k1)
        k3 = f(y + h / 2 * k2)
        k4 = f(y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return y


def test_functions_as_arguments() -> None:
    @mc.jit
    def decay(y):
        return -y

    fast = mc.jit(rk4)
    assert fast(decay, 1.0, 100, 0.01) == rk4(decay.py_func, 1.0, 100, 0.01)
    assert fast(lambda y: -2 * y, 1.0, 100, 0.01) == rk4(lambda y: -2 * y, 1.0, 100, 0.01)
    assert fast(math.sin, 1.0, 9, 0.1) == pytest.approx(rk4(math.sin, 1.0, 9, 0.1), rel=1e-15)
    start = np.array([1.0, 2.0])
    np.testing.assert_array_equal(fast(decay, start, 9, 0.1), rk4(decay.py_func, start, 9, 0.1))


def test_functions_are_told_apart() -> None:
    @mc.jit
    def applied(f, x):
        return f(x)

    def scaled(k):
        return lambda x: k * x

    assert [applied(scaled(k), 2) for k in (1, 2, 3)] == [2, 4, 6]
    assert applied(f=scaled(4), x=2) == 8
    assert applied(lambda x, k=5: k * x, 2) == 10
    # The same lambda, made again and again, is compiled once.
    same = mc.jit(applied.py_func)
    assert [same(lambda x: x + 1, x) for x in range(9)] == list(range(1, 10))
    assert len(same.signatures) == 1


def test_dtypes_as_arguments() -> None:
    @mc.jit
    def made(n, dtype):
        return np.zeros(n, dtype)

    for dtype in (np.float32, np.dtype("int16"), int, bool, np.complex64):
        assert made(2, dtype).dtype == np.dtype(dtype)


def test_objects_that_are_no_functions() -> None:
    with pytest.raises(TypeError, match='argument "f" is a'):
        mc.jit(lambda f: f)(object())
    with pytest.raises(mc.CompileError, match="Fraction"):
        mc.jit(lambda f, x: f(x))(Fraction, 1)


@pytest.mark.parametrize("order", ["C", "F"])
def test_flat(order: Any) -> None:
    def ends(a):
        return a.flat[2], a.flat[-1], a.flat[1:4].sum()

    def written(a):
        a.flat[4] = 40
        a.flat[-6] = 10
        return a

    a = np.array(np.arange(6.0).reshape(2, 3), order=order)
    assert mc.jit(ends)(a) == ends(a)
    np.testing.assert_array_equal(mc.jit(written)(a.copy(order)), written(a.copy(order)))
    with pytest.raises(IndexError, match="index 6 is out of bounds for axis 0 with size 6"):
        mc.jit(lambda a: a.flat[6])(a)


def test_a_slice_of_flat() -> None:
    def diagonal(a):
        a.flat[:: len(a) + 1] = 7.0
        return a

    np.testing.assert_array_equal(mc.jit(diagonal)(np.zeros((3, 3))), diagonal(np.zeros((3, 3))))


def first(a, x):
    a[0] = x
    return a


def whole(a, x):
    a[:] = x
    return a


def added(a, x):
    a += x
    return a


def added_to_a_part(a, x):
    a[1:] -= x
    return a


@pytest.mark.parametrize("function", [first, whole])
def test_complex_numbers_are_not_cut(function: Callable[..., Any]) -> None:
    with pytest.raises(mc.CompileError, match="complex128 number put into an array of float64"):
        mc.jit(function)(np.zeros(3), 1j)
    np.testing.assert_array_equal(
        mc.jit(function)(np.zeros(3, "c16"), 1j), function(np.zeros(3, "c16"), 1j)
    )


@pytest.mark.parametrize("function", [added, added_to_a_part])
@pytest.mark.parametrize(
    ("dtype", "value"),
    [("i8", 1.5), ("f8", 1), ("u1", 1), ("f4", 2.0), ("f8", 1j), ("u1", np.ones(3, "i2"))],
)
def test_operators_in_place_keep_the_kind(
    function: Callable[..., Any], dtype: str, value: Any
) -> None:
    if isinstance(value, np.ndarray) and function is added_to_a_part:
        value = value[1:]
    array = np.arange(3).astype(dtype)
    try:
        wanted = function(array.copy(), value)
    except TypeError:
        with pytest.raises(mc.CompileError, match="which makes a new array"):
            mc.jit(function)(array.copy(), value)
    else:
        got = mc.jit(function)(array.copy(), value)
        np.testing.assert_array_equal(got, wanted)
        assert got.dtype == wanted.dtype


@pytest.mark.parametrize(
    ("signature", "value", "wanted"),
    [("f8(i8)", 3, 3.0), ("i8(f8)", -2.7, -2), ("b1(i8)", 5, True), ("c16(f8)", 1.5, 1.5 + 0j)],
)
def test_a_declared_result_is_what_is_returned(signature: str, value: Any, wanted: Any) -> None:
    got = mc.jit(signature)(lambda x: x)(value)
    assert got == wanted
    assert type(got) is type(wanted)


def test_a_declared_result_that_is_none() -> None:
    with pytest.raises(TypeError, match="as its signature says"):
        mc.jit("f8(c16)")(lambda z: z)
    with pytest.raises(TypeError, match="as its signature says"):
        mc.jit("f8(f8[:])")(lambda a: a)


def test_integers_of_pythons_beside_small_ones() -> None:
    a = np.arange(250, 256).astype("u1")
    for function in (
        lambda a: a / 256,
        lambda a: a / -1,
        lambda a: a > 300,
        lambda a: a >= -1,
        lambda a: a // 7,
        lambda a: 255 - a,
    ):
        np.testing.assert_array_equal(mc.jit(function)(a), function(a))
    assert mc.jit(lambda a, k: a < k)(a, 300).all()
    with pytest.raises(mc.CompileError, match="Python integer 300 out of bounds for uint8"):
        mc.jit(lambda a: a + 300)(a)


@pytest.mark.parametrize("order", ["C", "F"])
def test_orders(order: Any) -> None:
    a = np.arange(6.0).reshape(2, 3)
    for function in (
        lambda a: a.flatten(order="F"),
        lambda a: a.ravel("F"),
        lambda a: a.reshape((3, 2), order="F"),
        lambda a: np.reshape(a, (-1, 2), order="F"),
    ):
        given = np.array(a, order=order)
        np.testing.assert_array_equal(mc.jit(function)(given), function(given))
    with pytest.raises(mc.CompileError, match="order"):
        mc.jit(lambda a: a.ravel("A"))(a)


def test_methods_that_are_not_the_function_of_their_name() -> None:
    def split(a):
        a.partition(3)
        return a

    a = np.array([5.0, 3.0, 9.0, 1.0, 7.0, 2.0])
    got = mc.jit(split)(a.copy())
    assert sorted(got) == sorted(a)
    assert got[3] == np.sort(a)[3]
    np.testing.assert_array_equal(mc.jit(lambda a: a.compress(a > 3))(a), a[a > 3])


def test_ufuncs_over_arrays() -> None:
    @mc.vectorize
    def above(x):
        return x if x > 0 else 0.0

    fast = mc.jit(lambda a: above(a - 2) * 2 + above(1.0))
    np.testing.assert_array_equal(fast(np.arange(5.0)), [1.0, 1.0, 1.0, 3.0, 5.0])


def test_a_variable_with_one_constant_is_that() -> None:
    def turned(t):
        order, axis = (2, 0, 1), 1
        how = (1, 0)
        which = 0
        return np.transpose(t[0], how), t.sum(axis=which), len(order) + axis

    t = np.arange(24.0).reshape(2, 3, 4)
    for got, wanted in zip(mc.jit(turned)(t), turned(t), strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_statements_of_arrays_that_overlap() -> None:
    def shifted(a, b):
        own = np.zeros_like(a)
        own[1:] = a[:-1]
        a[1:] = a[:-1] * 2
        b[:-1] = a[1:] + own[:-1]
        own[:-1] = own[1:]
        swapped = own
        swapped[1:] = own[:-1]
        own, b = b, own
        own[1:] = b[:-1]
        return own, b, swapped

    for same in (False, True):
        one, two = np.arange(6.0), np.arange(6.0) + 10
        first = shifted(one.copy(), two.copy()) if not same else None
        if same:
            x, y = one.copy(), one.copy()
            first, second = shifted(x, x), mc.jit(shifted)(y, y)
        else:
            second = mc.jit(shifted)(one.copy(), two.copy())
        for wanted, got in zip(first or (), second, strict=True):
            np.testing.assert_array_equal(got, wanted)


def test_broadcasting_of_what_has_one_element() -> None:
    def centred(a, column, row):
        mean = a.mean(axis=1)[:, None]
        apart = a - mean * row
        apart += column
        return apart / np.sqrt((apart**2).sum(axis=0, keepdims=True) + 1)

    rng = np.random.default_rng(0)
    a, row = rng.random((4, 5)), rng.random(5)
    for column in (rng.random((4, 1)), rng.random((1, 5)), rng.random((4, 5)), rng.random((1, 1))):
        np.testing.assert_allclose(
            mc.jit(centred)(a, column, row), centred(a, column, row), rtol=1e-14
        )


def test_an_index_in_a_variable() -> None:
    def picked(a, n):
        index = (slice(None), n)
        n += 1
        whole = (slice(1, None), None, ...)
        return a[index], a[whole], a[:, n]

    a = np.arange(12.0).reshape(3, 4)
    for got, wanted in zip(mc.jit(picked)(a, 1), picked(a, 1), strict=True):
        np.testing.assert_array_equal(got, wanted)
