"""Functions of neighbouring elements, held against NumPy's."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import manycore as mc
from lazy import lazy, refuses, same

DTYPES = ["?", "i4", "u1", "f2", "f4", "f8", "c16", "M8[s]", "m8[s]"]


def numbers(dtype: str, shape: tuple[int, ...] = (9, 8)) -> Any:
    return (np.random.default_rng(0).normal(size=shape) * 40).astype("i8").astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_diff(dtype: str) -> None:
    x = numbers(dtype)
    for axis, n in itertools.product((0, 1, -1), (0, 1, 2, 3)):
        same(mc.array.diff(lazy(x), n, axis), np.diff(x, n, axis))
    if dtype[0] not in "Mm":
        want = np.diff(x, axis=0, prepend=1, append=x)
        same(mc.array.diff(lazy(x), axis=0, prepend=1, append=lazy(x)), want)
        same(mc.array.diff(lazy(x), n=12), np.diff(x, n=12))


def test_what_diff_refuses() -> None:
    x = numbers("f8")
    refuses(lambda: mc.array.diff(lazy(x), -1), lambda: np.diff(x, -1))
    refuses(lambda: mc.array.diff(lazy(x[0, 0])), lambda: np.diff(x[0, 0]))
    refuses(lambda: mc.array.diff(lazy(x), axis=2), lambda: np.diff(x, axis=2))
    refuses(
        lambda: mc.array.diff(lazy(x), axis=0, append=x[:, :2]),
        lambda: np.diff(x, axis=0, append=x[:, :2]),
    )


@pytest.mark.parametrize("dtype", ["i4", "f2", "f4", "f8", "c16", "M8[s]", "m8[s]"])
@pytest.mark.parametrize("edge_order", [1, 2])
def test_gradient(dtype: str, edge_order: int) -> None:
    x = numbers(dtype)
    rtol, atol = (1e-2, 1e-1) if dtype == "f2" else (1e-5, 1e-5)
    if dtype[0] in "Mm":
        rtol = atol = 0
    for axis in (0, 1):
        places = np.cumsum(0.5 + np.random.default_rng(1).random(x.shape[axis]))
        spacings: list[Any] = [(), (2.0,), (places,), (np.arange(x.shape[axis]) * 3,)]
        for spacing in spacings[: 2 if dtype[0] in "Mm" else 4]:
            options: dict[str, Any] = {"axis": axis, "edge_order": edge_order}
            want = np.gradient(x, *spacing, **options)
            same(mc.array.gradient(lazy(x), *spacing, **options), want, rtol, atol)


def test_gradients_along_all_axes() -> None:
    x = numbers("f8")
    same(mc.array.gradient(lazy(x)), tuple(np.gradient(x)), rtol=1e-12)
    want = tuple(np.gradient(x, 2.0, np.arange(8.0) ** 2))
    same(mc.array.gradient(lazy(x), 2.0, lazy(np.arange(8.0) ** 2)), want, rtol=1e-12)
    refuses(lambda: mc.array.gradient(lazy(x[:1])), lambda: np.gradient(x[:1]))
    refuses(lambda: mc.array.gradient(lazy(x), 1, 2, 3), lambda: np.gradient(x, 1, 2, 3))
    refuses(lambda: mc.array.gradient(lazy(x), [1, 2], 1), lambda: np.gradient(x, [1, 2], 1))
    refuses(lambda: mc.array.gradient(lazy(x), edge_order=3), lambda: np.gradient(x, edge_order=3))


@pytest.mark.parametrize("dtype", ["i4", "f4", "f8", "c16"])
def test_trapezoid(dtype: str) -> None:
    x = numbers(dtype)
    for axis in (0, 1, -1):
        same(mc.array.trapezoid(lazy(x), axis=axis), np.trapezoid(x, axis=axis), rtol=1e-5)
        places = np.arange(x.shape[axis]) ** 2.0
        want = np.trapezoid(x, places, axis=axis)
        same(mc.array.trapezoid(lazy(x), lazy(places), axis=axis), want, rtol=1e-5)
        grid = np.cumsum(np.ones(x.shape), axis)
        want = np.trapezoid(x, grid, axis=axis)
        same(mc.array.trapezoid(lazy(x), grid, axis=axis), want, rtol=1e-5)
    same(mc.array.trapezoid(lazy(x), dx=0.5), np.trapezoid(x, dx=0.5), rtol=1e-5)


@pytest.mark.parametrize("dtype", ["i4", "f4", "f8"])
def test_unwrap(dtype: str) -> None:
    x = numbers(dtype)
    for axis in (0, 1):
        same(mc.array.unwrap(lazy(x), axis=axis), np.unwrap(x, axis=axis), 1e-4, 1e-4)
        for options in ({"period": 7}, {"period": 8, "discont": 6}):
            each: dict[str, Any] = {"axis": axis, **options}
            same(mc.array.unwrap(lazy(x), **each), np.unwrap(x, **each), 1e-4, 1e-4)


@pytest.mark.parametrize("dtype", ["i4", "u1", "f4", "f8", "c16"])
def test_polyval(dtype: str) -> None:
    x = numbers(dtype)
    same(mc.array.polyval([1, 2, 3], lazy(x)), np.polyval([1, 2, 3], x), rtol=1e-6)
    same(mc.array.polyval(lazy([1.5]), lazy(x)), np.polyval([1.5], x), rtol=1e-6)


@given(
    n=st.integers(1, 30),
    m=st.integers(1, 30),
    mode=st.sampled_from(["full", "same", "valid"]),
    dtype=st.sampled_from(["?", "i8", "f4", "f8", "c16"]),
)
def test_convolve_and_correlate(n: int, m: int, mode: Any, dtype: str) -> None:
    rng = np.random.default_rng(n + m)
    a, v = ((rng.normal(size=k) * 3).astype("i8").astype(dtype) for k in (n, m))
    if dtype == "c16":
        v = v * (1 + 2j)
    same(mc.array.convolve(lazy(a), lazy(v), mode), np.convolve(a, v, mode), 1e-5, 1e-9)
    same(mc.array.correlate(lazy(a), lazy(v), mode), np.correlate(a, v, mode), 1e-5, 1e-9)


def test_what_convolve_refuses() -> None:
    x = numbers("f8")
    refuses(lambda: mc.array.convolve(lazy(x), [1.0]), lambda: np.convolve(x, [1.0]))
    refuses(lambda: mc.array.convolve(lazy(x[0]), []), lambda: np.convolve(x[0], []))
    refuses(lambda: mc.array.correlate([], lazy(x[0])), lambda: np.correlate([], x[0]))
    wrong: Any = "most"
    refuses(lambda: mc.array.convolve(x[0], [1.0], wrong), lambda: np.convolve(x[0], [1.0], wrong))
