"""NumPy's functions that make, join and turn arrays: compiled as NumPy has them."""

from __future__ import annotations

import itertools
import linecache
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import manycore as mc

pytest.importorskip("llvmlite")

NUMBER = itertools.count()
DTYPES = ["bool", "int8", "int32", "int64", "uint8", "float32", "float64", "complex128"]


def compiled(expression: str, names: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A function of an expression, compiled and as Python has it."""
    source = f"def f({names}):\n    return {expression}\n"
    file = f"<library {next(NUMBER)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"np": np}
    exec(compile(source, file, "exec"), namespace)
    return mc.jit(namespace["f"]), namespace["f"]


def same(got: Any, wanted: Any) -> None:
    """Fail unless both are equal in value, dtype and shape."""
    if isinstance(wanted, (tuple, list)):
        assert len(got) == len(wanted)
        for one, two in zip(got, wanted, strict=True):
            same(one, two)
        return
    if isinstance(wanted, np.ndarray):
        assert got.dtype == wanted.dtype
        assert got.shape == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=1e-6 if _narrow(wanted) else 1e-14, atol=0)


def _narrow(value: Any) -> bool:
    return np.asarray(value).dtype in (np.float32, np.complex64)


def check(expression: str, **given: Any) -> None:
    """Fail unless an expression is compiled as NumPy has it."""
    fast, slow = compiled(expression, ", ".join(given))
    copies = {name: np.array(one) if isinstance(one, np.ndarray) else one for name, one in given.items()}
    same(fast(**given), slow(**copies))


def numbers(dtype: str, *shape: int) -> np.ndarray:
    """Different numbers of a type."""
    values = (np.arange(int(np.prod(shape))) * 7 % 11).reshape(shape)
    if dtype == "complex128":
        return values * (1 + 0.5j)
    return (values % 2 == 0) if dtype == "bool" else values.astype(dtype)


@pytest.mark.parametrize(
    "expression",
    [
        *("np.arange(7)", "np.arange(-3)", "np.arange(2, 9)", "np.arange(9, 2, -3)"),
        *("np.arange(0.0, 1.0, 0.1)", "np.arange(1.5)", "np.arange(3, dtype=np.float32)"),
        *("np.arange(2, 9, 2.5)", "np.arange(5, 1)", "np.arange(1, 10, 4, np.int16)"),
        *("np.arange(0, 5, dtype=np.float64)", "np.arange(1, 2, 0.3)", "np.arange(0, -1, -0.25)"),
        *("np.linspace(0, 1)", "np.linspace(2.0, 3.0, 5)", "np.linspace(2.0, 3.0, 5, False)"),
        *("np.linspace(0, 10, 11, dtype=np.int64)", "np.linspace(5, 1, 4, endpoint=False)"),
        *("np.linspace(1, 1, 3)", "np.linspace(0, 1, 1)", "np.linspace(0, 1, 0)"),
        *("np.linspace(0, 1, 5, retstep=True)", "np.linspace(-3.7, 4.2, 17)"),
        *("np.logspace(0, 3, 4)", "np.logspace(0, 1, 3, base=2.0)", "np.logspace(0, 2, 5, False)"),
        *("np.geomspace(1, 1000, 4)", "np.geomspace(2.0, 32.0, 5, False)"),
        *("np.eye(3)", "np.eye(3, 4)", "np.eye(4, 3, -1)", "np.eye(3, k=1)", "np.eye(2, 3, 9)"),
        *("np.eye(3, dtype=np.int32)", "np.identity(4)", "np.identity(0)", "np.eye(3, k=-2)"),
        *("np.tri(3)", "np.tri(3, 5)", "np.tri(3, 5, 1)", "np.tri(4, 2, -2, np.int8)", "np.tri(3, 2, 7)"),
        *("np.indices((2, 3))", "np.indices((4,))", "np.indices((2, 3, 2))", "np.indices((0, 3))"),
    ],
)
def test_making(expression: str) -> None:
    check(expression)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("np.diag(a)", (4,)),
        ("np.diag(a, 2)", (4,)),
        ("np.diag(a, -1)", (0,)),
        ("np.diag(a)", (3, 4)),
        ("np.diag(a, 1)", (3, 4)),
        ("np.diag(a, -7)", (3, 4)),
        ("np.diagflat(a, 1)", (2, 2)),
        ("np.diagonal(a, -1)", (4, 3)),
        ("a.diagonal()", (4, 3)),
        ("np.trace(a)", (3, 4)),
        ("np.trace(a, 1)", (3, 4)),
        ("np.tril(a)", (3, 4)),
        ("np.tril(a, -1)", (4, 3)),
        ("np.tril(a, 1)", (2, 3, 3)),
        ("np.triu(a)", (3, 4)),
        ("np.triu(a, 2)", (4, 3)),
        ("np.triu(a)", (3,)),
        ("np.tril(a, -9)", (0, 3)),
        ("np.vander(a)", (4,)),
        ("np.vander(a, 3, increasing=True)", (4,)),
        ("np.vander(a, 2)", (4,)),
        ("np.flip(a)", (3, 4)),
        ("np.flip(a, 0)", (3, 4)),
        ("np.flip(a, -1)", (2, 3, 4)),
        ("np.fliplr(a)", (3, 4)),
        ("np.flipud(a)", (3, 4)),
        ("np.roll(a, 2)", (3, 4)),
        ("np.roll(a, -1, 0)", (3, 4)),
        ("np.roll(a, 13, axis=-1)", (3, 4)),
        ("np.roll(a, 3, axis=1)", (3, 0)),
        ("np.rot90(a)", (3, 4)),
        ("np.rot90(a, 2)", (3, 4)),
        ("np.rot90(a, -1)", (3, 4)),
        ("np.rot90(a, 4)", (3, 4)),
        ("np.squeeze(a, 1)", (3, 1, 4)),
        ("np.squeeze(a, axis=-1)", (3, 1)),
        ("a.squeeze(0)", (1, 0)),
        ("np.expand_dims(a, 0)", (3, 4)),
        ("np.expand_dims(a, -1)", (3, 4)),
        ("np.expand_dims(a, 1)", (3, 4)),
        ("np.moveaxis(a, 0, -1)", (2, 3, 4)),
        ("np.moveaxis(a, -1, 0)", (2, 3, 4)),
        ("np.moveaxis(a, 1, 1)", (2, 3, 4)),
        ("np.broadcast_to(a, (2, 3, 4))", (3, 1)),
        ("np.broadcast_to(a, 3)", (1,)),
        ("np.atleast_1d(a)", ()),
        ("np.atleast_1d(a)", (3,)),
        ("np.atleast_2d(a)", (3,)),
        ("np.atleast_2d(a)", (2, 3)),
        ("np.repeat(a, 3)", (2, 3)),
        ("np.repeat(a, 2, axis=0)", (2, 3)),
        ("np.repeat(a, [1, 0, 2], axis=-1)", (2, 3)),
        ("a.repeat(2, 1)", (2, 0)),
        ("np.tile(a, 3)", (4,)),
        ("np.tile(a, 2)", (2, 3)),
        ("np.tile(a, (2, 1, 2))", (2, 3)),
        ("np.tile(a, (2, 3))", (3,)),
        ("np.split(a, 3)", (6, 2)),
        ("np.split(a, 2, axis=-1)", (3, 4)),
        ("np.array_split(a, 3)", (7,)),
        ("np.array_split(a, [2, 3])", (7,)),
        ("np.split(a, [1, 3], 1)", (2, 5)),
        ("np.delete(a, 2)", (5,)),
        ("np.delete(a, -1)", (5,)),
        ("np.delete(a, [0, 3])", (5,)),
        ("np.insert(a, 2, 1)", (5,)),
        ("np.insert(a, -1, [1, 0])", (5,)),
        ("np.take(a, [0, 3, -1])", (2, 3)),
        ("np.take(a, 2)", (5,)),
        ("np.take(a, [1, 0, 1], axis=0)", (2, 3)),
        ("np.take(a, [2, 0], axis=-1)", (2, 3)),
        ("a.take([2, 0], 1)", (2, 3, 2)),
        ("np.append(a, a)", (2, 3)),
        ("np.append(a, [[1, 0, 1]], axis=0)", (2, 3)),
    ],
)
def test_of_one_array(expression: str, shape: tuple[int, ...], dtype: str) -> None:
    check(expression, a=numbers(dtype, *shape))


@pytest.mark.parametrize("types", [("int32", "int32"), ("int64", "float32"), ("bool", "complex128")])
@pytest.mark.parametrize(
    ("expression", "one", "two"),
    [
        ("np.concatenate((a, b))", (2,), (3,)),
        ("np.concatenate([a, b, a])", (2, 3), (1, 3)),
        ("np.concatenate((a, b), axis=1)", (2, 3), (2, 0)),
        ("np.concatenate((a, b), -1)", (2, 3, 1), (2, 3, 2)),
        ("np.concatenate((a, b), axis=None)", (2, 3), (2,)),
        ("np.concatenate((a * 2, b[::-1]), dtype=np.complex128)", (2,), (3,)),
        ("np.stack((a, b))", (3,), (3,)),
        ("np.stack([a, b], axis=-1)", (2, 3), (2, 3)),
        ("np.stack([a, b], 1)", (2, 3), (2, 3)),
        ("np.hstack((a, b))", (2,), (3,)),
        ("np.hstack((a, b))", (2, 1), (2, 3)),
        ("np.vstack((a, b))", (3,), (3,)),
        ("np.vstack((a, b))", (3,), (2, 3)),
        ("np.dstack((a, b))", (3,), (3,)),
        ("np.dstack((a, b))", (3, 2), (3, 2, 2)),
        ("np.column_stack((a, b))", (3,), (3, 2)),
        ("np.append(a, b)", (2,), (2, 2)),
        ("np.append(a, b, axis=1)", (2, 1), (2, 2)),
        ("np.meshgrid(a, b)", (3,), (2,)),
        ("np.meshgrid(a, b, indexing='ij')", (3,), (2,)),
        ("np.meshgrid(a, b, a)", (3,), (2,)),
        ("np.meshgrid(a, b, a, indexing='ij')", (3,), (2,)),
    ],
)
def test_of_two_arrays(
    expression: str, one: tuple[int, ...], two: tuple[int, ...], types: tuple[str, str]
) -> None:
    check(expression, a=numbers(types[0], *one), b=numbers(types[1], *two))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_take_along_axis(axis: int) -> None:
    a = numbers("float64", 3, 4)
    check(f"np.take_along_axis(a, i, {axis})", a=a, i=np.argsort(a, axis))


def test_choose_and_select() -> None:
    a = np.array([0, 2, 1, 0])
    x = numbers("float64", 4)
    check("np.choose(a, [x, x * 10, 5.0])", a=a, x=x)
    check("np.choose(a, (a, x, x + 1))", a=a, x=x)
    check("np.select([x > 6, x > 3], [x, -x], 9.0)", x=x)
    check("np.select([x > 6, x > 3], [a, a * 2])", x=x, a=a)
    with pytest.raises(ValueError, match="invalid entry in choice array"):
        mc.jit(lambda a, x: np.choose(a, [x, x]))(a, x)


def test_writing_in_place() -> None:
    @mc.jit
    def changed(a, b):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        np.put(a, [0, -1, 2], [5, 6])
        np.fill_diagonal(b, 7)

    a, b = numbers("float64", 2, 3), numbers("int64", 3, 4)
    c, d = a.copy(), b.copy()
    changed(a, b)
    np.put(c, [0, -1, 2], [5, 6])
    np.fill_diagonal(d, 7)
    np.testing.assert_array_equal(a, c)
    np.testing.assert_array_equal(b, d)


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("np.concatenate((a, a[:, :1]))", "must match"),
        ("np.squeeze(a, 0)", "cannot select an axis to squeeze out"),
        ("np.split(a, 2, 1)", "equal division"),
        ("np.linspace(0, 1, -a.shape[0])", "must be non-negative"),
        ("np.repeat(a, [-1, 2], axis=0)", "repeats may not contain negative values"),
    ],
)
def test_wrong_arguments(expression: str, error: str) -> None:
    fast, slow = compiled(expression, "a")
    for function in (fast, slow):
        with pytest.raises(ValueError, match=error):
            function(numbers("float64", 2, 3))


def test_index_out_of_bounds() -> None:
    for expression in ("np.delete(a, 5)", "np.insert(a, 7, 1)", "np.take(a, 3)"):
        fast, slow = compiled(expression, "a")
        for function in (fast, slow):
            with pytest.raises(IndexError, match="out of bounds"):
                function(numbers("float64", 3))
