"""Types of signatures, and what code that was written for Numba says to decorators."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest

import manycore as mc
from manycore import types


@pytest.mark.parametrize(
    ("signature", "names"),
    [
        (mc.float64(mc.float64), ["float64"]),
        (mc.void(mc.float64[:], mc.int64), ["array(float64, 1d, A)", "int64"]),
        ((mc.float64[:, ::1], mc.int32), ["array(float64, 2d, C)", "int32"]),
        (types.f4(types.f4[::1, :]), ["array(float32, 2d, F)"]),
        (types.i8(types.c16[:, :, ::1]), ["array(complex128, 3d, C)"]),
        (types.i8(types.Array(types.u1, 2, "C", readonly=True)), ["array(uint8, 2d, C, readonly)"]),
        (types.i8(types.Tuple((types.f8, types.i4[:]))), ["(float64, array(int32, 1d, A))"]),
        (types.i8(types.UniTuple(types.f8, 2), types.b1), ["(float64, float64)", "bool"]),
        (types.i8(types.unicode_type), ["str"]),
        (types.i8(), []),
        ("float64[:], float64, i8", ["array(float64, 1d, A)", "float64", "int64"]),
        ("UniTuple(f8, 2), f8", ["(float64, float64)", "float64"]),
    ],
)
def test_signatures(signature: Any, names: list[str]) -> None:
    from manycore import _core
    from manycore._jit import signature_text

    assert list(_core.Types.parse(signature_text(signature)).names) == names


def test_decorators_take_them() -> None:
    @mc.jit(mc.float64(mc.float64[:], mc.float64))
    def total(values: Any, factor: Any) -> Any:
        return values.sum() * factor

    assert total(np.ones(3), 2.0) == 6.0
    with pytest.raises(TypeError, match=r"total takes \(array\(float64, 1d, A\), float64\)"):
        total(np.ones((3, 2)), 2.0)

    @mc.jit([mc.int64(mc.int64), mc.float64(mc.float64)])
    def double(x: Any) -> Any:
        return 2 * x

    assert double.signatures == [("int64",), ("float64",)]

    @mc.vectorize([mc.float64(mc.float64)])
    def triple(x: Any) -> Any:
        return 3 * x

    assert triple.types == ["d->d"]

    @mc.guvectorize([(mc.float64[:], mc.float64, mc.float64[:])], "(n),()->(n)")
    def add(a: Any, b: Any, out: Any) -> None:
        for i in range(len(a)):
            out[i] = a[i] + b

    np.testing.assert_array_equal(add(np.arange(3.0), 1.0), [1.0, 2.0, 3.0])


def test_types_of_numba_are_understood() -> None:
    numba = pytest.importorskip("numba")

    signature: tuple[Any, ...] = (numba.float64[:, ::1], numba.types.UniTuple(numba.int64, 2))

    @mc.jit([numba.float64(*signature)])
    def at(values: Any, place: Any) -> Any:
        return values[place[0], place[1]]

    assert at.signatures == [("array(float64, 2d, C)", "(int64, int64)")]


def test_types_are_values() -> None:
    assert repr(mc.float64[:, ::1]) == "array(float64, 2d, C)"
    assert mc.float64[:] == types.f8[:] != mc.float64[::1]
    assert repr(mc.float64(mc.int64)) == "float64(int64)"
    assert {mc.float64(mc.int64), types.f8(types.i8)} == {mc.float64(mc.int64)}
    assert mc.intp is mc.int64
    converted = mc.int32(7.9)
    assert (converted, converted.dtype) == (7, "int32")


def test_what_is_no_array_type() -> None:
    with pytest.raises(TypeError, match=r"float64\[...\] takes slices such as :, ::1, not 3"):
        mc.float64[3]
    with pytest.raises(TypeError, match="takes slices"):
        mc.float64[::2]
    with pytest.raises(TypeError, match="arrays have elements of numbers"):
        mc.float64[:][:]


def test_a_signature_of_other_arguments_is_refused() -> None:
    with pytest.raises(TypeError, match=r"<lambda> takes 1 arguments, and 'f8\(f8, f8\)' has 2"):
        mc.jit("f8(f8, f8)")(lambda x: x)


def test_what_says_nothing_here_is_accepted() -> None:
    options: dict[str, Any] = {"nogil": True, "inline": "always", "debug": False, "looplift": True}
    assert mc.njit(nopython=True, forceobj=False, locals={}, **options)(lambda x: x + 1)(1) == 2
    assert mc.vectorize(["f8(f8)"], boundscheck=True, nogil=True)(lambda x: x + 1)(1.0) == 2.0


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"forceobj": True}, ValueError, "forceobj=True is not supported; fallback=True runs"),
        ({"nopython": False}, ValueError, "nopython=False is not supported; fallback=True runs"),
        ({"locals": {"x": "f8"}}, ValueError, "give a variable its type with its value"),
        ({"nopyhton": True}, TypeError, "unexpected keyword argument 'nopyhton'"),
    ],
)
def test_what_cannot_be_had_is_refused(
    options: dict[str, Any], error: type[Exception], text: str
) -> None:
    for decorator in (mc.jit, mc.vectorize):
        with pytest.raises(error, match=text):
            decorator(**options)
    with pytest.raises(error, match=text):
        mc.guvectorize("(n)->()", **options)


def test_guvectorize_needs_a_layout() -> None:
    with pytest.raises(TypeError, match="the operands' layout is missing"):
        mc.guvectorize(["(f8[:], f8[:])"])  # type: ignore[call-overload]


def test_numbers_of_threads() -> None:
    with mc.config():
        mc.set_num_threads(3)
        assert mc.get_num_threads() == mc.config().workers == 3
        with pytest.raises(ValueError, match="workers must be at least 1, not 0"):
            mc.set_num_threads(0)


class Point:
    x = 1.0


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (Point, "not a type; compile functions, and give them what they need of its objects"),
        (functools.partial(max, 2), r"not a partial; compile a function that calls it: lambda x"),
        (np.sin, "not a ufunc; call it in a function that is compiled"),
        (classmethod(lambda cls: cls), "not a classmethod; make it a staticmethod"),
        (3, "not a int$"),
    ],
)
def test_what_is_no_function(thing: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        mc.jit(thing)


def test_types_convert_within_compiled_code() -> None:
    @mc.jit
    def converted(x):  # type: ignore[no-untyped-def]
        return np.array([mc.float32(x), mc.float32(2)]), np.zeros(2, mc.int16), mc.int32(x)  # type: ignore[call-overload]

    floats, zeros, whole = converted(3.7)
    assert (floats.dtype, floats[0]) == (np.float32, np.float32(3.7))
    assert (zeros.dtype, whole) == (np.int16, 3)
