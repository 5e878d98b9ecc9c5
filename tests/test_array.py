"""Ufuncs, operators and elementwise functions of `mc.array`, held against NumPy's."""

from __future__ import annotations

import operator
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import manycore as mc

DTYPES = ["?", "i1", "u1", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"]
NUMBERS: list[Any] = [2, 2.5, 1 + 2j, True, np.int8(3), np.float32(0.5), np.uint64(7)]
BINARY = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
    operator.and_,
    operator.or_,
    operator.xor,
    operator.lshift,
    operator.rshift,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
    operator.eq,
    operator.ne,
    np.maximum,
    np.arctan2,
    np.logaddexp,
    np.copysign,
    np.gcd,
    np.logical_xor,
    np.float_power,
]

ERRORS = (TypeError, ValueError, OverflowError)


def alike(found: Any, expected: Any) -> None:
    """Hold a lazy result against NumPy's."""
    assert isinstance(found, mc.array.Array)
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    computed = np.asarray(found)
    assert computed.dtype == expected.dtype
    if expected.dtype.kind in "fc":
        size = np.finfo(expected.dtype).eps
        np.testing.assert_allclose(computed, expected, rtol=8 * size, atol=8 * size)
    else:
        np.testing.assert_array_equal(computed, expected)


def outcome(function: Any, arguments: list[Any]) -> Any:
    """Call a function; return the error in place of a result."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return function(*arguments)
        except ERRORS as error:
            return error


def same(function: Any, arguments: list[Any], lazily: list[Any]) -> None:
    """Hold a function's result, or the error that it raises at once, against NumPy's."""
    expected, found = outcome(function, arguments), outcome(function, lazily)
    if isinstance(expected, Exception):
        assert isinstance(found, type(expected)) or isinstance(expected, type(found))
    else:
        assert not isinstance(found, Exception), found
        alike(found, np.asarray(expected))


def values(dtype: str, shape: tuple[int, ...] = (3, 5)) -> np.ndarray[Any, Any]:
    count = int(np.prod(shape))
    return (np.arange(1, count + 1) % 6 + 1).astype(dtype).reshape(shape)


@pytest.mark.parametrize("function", BINARY, ids=lambda function: function.__name__)
@pytest.mark.parametrize("dtype", DTYPES)
def test_binary(function: Any, dtype: str) -> None:
    left = values(dtype)
    lazy = mc.array.from_array(left, chunks=2)
    for other in NUMBERS:
        same(function, [left, other], [lazy, other])
        same(function, [other, left], [other, lazy])
    for kind in ("i1", "u8", "f4", "c8", "?"):
        right = values(kind, (5,))
        same(function, [left, right], [lazy, mc.array.from_array(right, chunks=3)])
        same(function, [right, left], [right, lazy])


UNARY = sorted(
    name
    for name in mc.array.__all__
    if isinstance(getattr(np, name, None), np.ufunc)
    and getattr(np, name).nin == 1
    and getattr(np, name).nout == 1
)


@pytest.mark.parametrize("name", UNARY)
def test_unary_ufuncs(name: str) -> None:
    function = getattr(np, name)
    for dtype in DTYPES:
        array = values(dtype)
        lazy = mc.array.from_array(array, chunks=2)
        same(function, [array], [lazy])
        with np.errstate(all="ignore"):
            try:
                expected = function(array)
            except TypeError:
                continue
        alike(getattr(mc.array, name)(lazy), expected)


@pytest.mark.parametrize("name", ["divmod", "modf", "frexp"])
def test_several_outputs(name: str) -> None:
    array = np.linspace(-3, 3, 12).reshape(3, 4)
    lazy = mc.array.from_array(array, chunks=2)
    extra = [0.7] if name == "divmod" else []
    expected = getattr(np, name)(array, *extra)
    for function in (getattr(np, name), getattr(mc.array, name)):
        for found, part in zip(function(lazy, *extra), expected, strict=True):
            alike(found, part)
    quotient, rest = divmod(lazy, 0.7)
    alike(quotient, array // 0.7)
    alike(rest, array % 0.7)


@given(st.data())
def test_broadcasting(data: Any) -> None:
    shapes = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=4))
    left, right = (np.arange(np.prod(shape)).reshape(shape) for shape in shapes.input_shapes)
    lazy = mc.array.from_array(left, chunks=2), mc.array.from_array(right, chunks=3)
    alike(lazy[0] + lazy[1], np.asarray(left + right))
    alike(mc.array.where(lazy[0] > lazy[1], lazy[0], lazy[1]), np.where(left > right, left, right))


def test_shapes_that_do_not_fit() -> None:
    message = r"operands could not be broadcast together with shapes \(2,3\) \(2,4\) $"
    for left in (np.ones((2, 3)), mc.array.ones((2, 3))):
        with pytest.raises(ValueError, match=message):
            left + np.ones((2, 4))


@pytest.mark.parametrize("number", [300, -1, 2**70])
def test_integers_that_do_not_fit(number: int) -> None:
    array = np.arange(3, dtype="u1")
    lazy = mc.array.from_array(array)
    with pytest.raises(OverflowError) as expected:
        array + number
    with pytest.raises(OverflowError) as raised:
        lazy + number
    assert str(raised.value) == str(expected.value)
    for compare in (operator.lt, operator.ge, operator.eq, operator.ne):
        alike(compare(lazy, number), compare(array, number))
        alike(compare(number, lazy), compare(number, array))


def test_powers() -> None:
    array = np.array([0.5, 2.0, 9.0])
    for exponent in (2, 2.0, 0.5, -1, 1, 3, 0):
        alike(mc.array.asarray(array) ** exponent, array**exponent)
    with pytest.raises(ValueError, match="negative integer powers"):
        mc.array.arange(3) ** -1


def test_in_place_operators_change_the_array_alone() -> None:
    x = mc.array.arange(4)
    before = x + 0
    same_object = x
    x += 1
    x *= 3
    assert same_object is x
    alike(x, (np.arange(4) + 1) * 3)
    alike(before, np.arange(4))
    with pytest.raises(TypeError, match="Cannot cast ufunc 'add' output"):
        x += 0.5
    with pytest.raises(ValueError, match="non-broadcastable output operand"):
        x += np.ones((2, 4), int)


def test_out_where_dtype_casting() -> None:
    array = np.arange(6.0).reshape(2, 3)
    lazy = mc.array.from_array(array, chunks=2)
    mask = np.array([True, False, True])
    out: Any = mc.array.full((2, 3), -1.0)
    assert np.add(lazy, 1, out=out) is out
    alike(out, array + 1)
    out = mc.array.full((2, 3), -1.0)
    np.multiply(lazy, 2, out=out, where=mask)
    expected = np.full((2, 3), -1.0)
    np.multiply(array, 2, out=expected, where=mask)
    alike(out, expected)
    memory = np.zeros((2, 3))
    assert np.subtract(lazy, 1, out=memory) is memory
    np.testing.assert_array_equal(memory, array - 1)
    alike(np.add(lazy, 1, dtype="f4"), np.add(array, 1, dtype="f4"))
    alike(
        np.add(lazy, 1, dtype="i4", casting="unsafe"),
        np.add(array, 1, dtype="i4", casting="unsafe"),
    )
    with pytest.raises(TypeError) as expected_error:
        np.add(array, 1, dtype="i4")
    with pytest.raises(TypeError) as raised:
        np.add(lazy, 1, dtype="i4")
    assert str(raised.value) == str(expected_error.value)
    with pytest.raises(TypeError, match="return arrays must be"):
        mc.array.add(lazy, 1, out=[1])
    with pytest.raises(TypeError, match="positional arguments"):
        mc.array.add(lazy)


@pytest.mark.parametrize("source", DTYPES)
@pytest.mark.parametrize("target", DTYPES)
@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
def test_astype(source: str, target: str) -> None:
    array = values(source)
    lazy = mc.array.from_array(array, chunks=2)
    alike(lazy.astype(target), array.astype(target))
    for casting in ("safe", "same_kind"):
        same(lambda given, casting=casting: given.astype(target, casting=casting), [array], [lazy])


def test_casts_of_other_types() -> None:
    days = np.array(["2026-01-01", "2026-03-01"], "M8[D]")
    lazy = mc.array.from_array(days)
    alike(lazy.astype("M8[s]"), days.astype("M8[s]"))
    alike(lazy - days[0], days - days[0])
    alike(lazy + np.timedelta64(1, "D"), days + np.timedelta64(1, "D"))
    alike(lazy > days[0], days > days[0])
    alike(mc.array.asarray([1, 22]).astype("U4"), np.array([1, 22]).astype("U4"))
    with pytest.raises(TypeError):
        lazy + days
    with pytest.warns(np.exceptions.ComplexWarning):
        mc.array.asarray([1j]).astype(float)
    with pytest.raises(TypeError, match="Python objects"):
        mc.array.asarray([1]).astype(object)


def test_comparison_with_what_cannot_be_compared() -> None:
    x = mc.array.arange(3)
    for other in (None, "a"):
        assert not (x == other).any()
        assert (x != other).all()
    with pytest.raises(TypeError):
        x < "a"  # noqa: B015


def test_other_arithmetic_has_its_say() -> None:
    class Other:
        __array_ufunc__ = None

        def __radd__(self, other: Any) -> str:
            return "other"

    assert mc.array.arange(3) + Other() == "other"


def test_ufuncs_that_numpy_does_not_have() -> None:
    special = pytest.importorskip("scipy.special")
    array = np.linspace(0.5, 4, 12).reshape(3, 4)
    lazy = mc.array.from_array(array, chunks=2)
    alike(special.gamma(lazy), special.gamma(array))
    alike(special.beta(lazy, 2), special.beta(array, 2))
    with pytest.raises(TypeError, match="Python objects"):
        np.frompyfunc(lambda x: x, 1, 1)(lazy)


FUNCTIONS: list[tuple[str, tuple[Any, ...]]] = [
    ("real", ()),
    ("imag", ()),
    ("angle", ()),
    ("clip", (2, 4)),
    ("clip", (None, 4)),
    ("clip", (2, None)),
    ("round", ()),
    ("round", (1,)),
    ("around", (-1,)),
    ("isclose", (3,)),
    ("iscomplex", ()),
    ("isreal", ()),
    ("nan_to_num", ()),
    ("sinc", ()),
    ("isposinf", ()),
    ("isneginf", ()),
]


@pytest.mark.parametrize(("name", "extra"), FUNCTIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_functions(name: str, extra: tuple[Any, ...], dtype: str) -> None:
    array = values(dtype)
    if array.dtype.kind in "fc":
        array[0, :3] = np.nan, np.inf, -np.inf
        array[1] *= -0.37
    lazy = mc.array.from_array(array, chunks=2)
    if dtype == "f2" and name == "sinc":
        return  # NumPy's own is less exact than the comparison
    same(getattr(np, name), [array, *extra], [lazy, *extra])


def test_piecewise_interp_i0() -> None:
    array = np.linspace(-2, 2, 10).reshape(2, 5)
    lazy = mc.array.from_array(array, chunks=3)
    pieces: Any = [np.square, lambda x: -x, 7]
    alike(
        mc.array.piecewise(lazy, [lazy < -1, lazy > 1], pieces),
        np.piecewise(array, [array < -1, array > 1], pieces),
    )
    points = [-1, 0, 1], [3.0, 1.0, 2.0]
    alike(mc.array.interp(lazy, *points), np.interp(array, *points))
    alike(mc.array.i0(lazy), np.i0(array))


def test_equality_of_arrays() -> None:
    x = mc.array.asarray([1.0, np.nan])
    assert mc.array.array_equal(x[:1], [1.0])
    assert not mc.array.array_equal(x, x)
    assert mc.array.array_equal(x, x, equal_nan=True)
    assert not mc.array.array_equal(x, x[:1])
    assert mc.array.array_equiv([[1, 1]], 1)
    assert mc.array.allclose([1.0], [1.0 + 1e-12])
    assert not mc.array.allclose([1.0], [1.1])


def test_expressions_share_and_compute_together() -> None:
    x = mc.array.from_array(np.arange(10.0), chunks=3)
    y = mc.array.sin(x) ** 2 + mc.array.cos(x) ** 2
    first, word, second = mc.array.compute(y, "word", x[2])
    np.testing.assert_allclose(first, 1)
    assert (word, second) == ("word", 2.0)
    assert isinstance(second, np.float64)


@given(st.data())
def test_random_expressions(data: Any) -> None:
    """Trees of elementwise operations, slices and broadcasts give what NumPy gives."""
    shape = data.draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5))
    dtype = data.draw(st.sampled_from(["i2", "i8", "f4", "f8", "?"]))
    array = values(dtype, shape)
    lazy = mc.array.from_array(array, chunks=data.draw(st.integers(1, 4)))
    for _ in range(data.draw(st.integers(1, 6))):
        step = data.draw(st.sampled_from(["add", "where", "slice", "flip", "cast", "self", "new"]))
        if step == "add":
            number = data.draw(st.sampled_from([1, 2.5, np.int8(3)]))
            array, lazy = array + number, lazy + number
        elif step == "where":
            array, lazy = np.where(array > 2, array, 1), mc.array.where(lazy > 2, lazy, 1)
        elif step == "slice":
            key = data.draw(hnp.basic_indices(array.shape))
            array, lazy = np.asarray(array[key]), lazy[key]
        elif step == "flip":
            array, lazy = np.flip(array), mc.array.flip(lazy)
        elif step == "cast":
            kind = data.draw(st.sampled_from(["f8", "i4", "f4"]))
            array, lazy = array.astype(kind), lazy.astype(kind)
        elif step == "self":
            array, lazy = np.multiply(array, array.T.T), lazy * lazy
        elif array.ndim < 4:
            array, lazy = array[None], lazy[None]
        array = np.asarray(array)
    alike(lazy, array)
