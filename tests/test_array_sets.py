"""Sets and histograms of `mc.array`, held against NumPy's."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import manycore as mc
from lazy import lazy, refuses, same
from manycore.array import _sets

DTYPES = ["?", "u1", "i8", "f4", "f8", "c16", "M8[s]"]
SHAPES: list[tuple[int, ...]] = [(30,), (1,), (0,), (6, 7), ()]


@pytest.fixture(params=["whole", "merged", "sorted"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How distinct elements are found: in one block, by merging those of chunks, by sorting."""
    if request.param != "whole":
        monkeypatch.setattr(_sets, "LONG", 1)
    if request.param == "sorted":
        monkeypatch.setattr(_sets, "_FEW", 1)
    return str(request.param)


def numbers(dtype: str, shape: tuple[int, ...], seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    x = np.asarray(rng.integers(0, 9, shape).astype(dtype))
    if dtype[0] in "fc" and x.ndim:
        x[rng.random(shape) < 0.2] = np.nan
    return x


@pytest.mark.parametrize("dtype", DTYPES)
def test_unique(way: str, dtype: str) -> None:
    for shape, equal_nan in itertools.product(SHAPES, (True, False)):
        x = numbers(dtype, shape)
        want = np.unique(x, True, True, True, equal_nan=equal_nan)
        same(mc.array.unique(lazy(x), True, True, True, equal_nan=equal_nan), want)
        got = mc.array.unique(lazy(x), equal_nan=equal_nan)
        same(got, want[0])


def test_unique_of_the_array_api(way: str) -> None:
    for dtype in ("i8", "f8"):
        x = numbers(dtype, (6, 7))
        for name in ("unique_all", "unique_counts"):
            got, want = getattr(mc.array, name)(lazy(x)), getattr(np, name)(x)
            assert got._fields == want._fields
            same(got, tuple(want))
        # Which NaN is which is as NumPy's sort happens to leave them.
        values, inverse = mc.array.unique_inverse(lazy(x))
        same(values, np.unique_inverse(x).values)
        same(np.asarray(values)[np.asarray(inverse)], x)
        assert len(set(np.asarray(inverse)[np.isnan(x)])) == np.isnan(x).sum()
        same(mc.array.unique_values(lazy(x)), np.sort(np.unique_values(x)))


def test_distinct_slices() -> None:
    x = numbers("i8", (9, 2)) // 4
    for axis in (0, 1, -1):
        want = np.unique(x, True, True, True, axis=axis)
        same(mc.array.unique(lazy(x), True, True, True, axis=axis), want)
        same(mc.array.unique(lazy(x), axis=axis), want[0])
    refuses(lambda: mc.array.unique(lazy(x), axis=2), lambda: np.unique(x, axis=2))


@given(
    x=hnp.arrays(np.int16, hnp.array_shapes(max_dims=2), elements=st.integers(0, 5)),
    y=hnp.arrays(np.float32, st.integers(0, 9), elements=st.integers(0, 5)),
)
def test_sets(x: Any, y: Any) -> None:
    for name in ("union1d", "intersect1d", "setdiff1d", "setxor1d", "isin"):
        same(getattr(mc.array, name)(lazy(x), lazy(y)), getattr(np, name)(x, y))
    want = np.intersect1d(x, y, return_indices=True)
    same(mc.array.intersect1d(lazy(x), lazy(y), return_indices=True), want)
    same(mc.array.isin(lazy(x), y, invert=True), np.isin(x, y, invert=True))


def test_a_difference_of_unique_elements_keeps_their_order() -> None:
    x = np.array([5, 1, 4, 2, 9])
    want = np.setdiff1d(x, [4, 5], assume_unique=True)
    same(mc.array.setdiff1d(lazy(x), [4, 5], assume_unique=True), want)


def test_isin_refuses_what_numpy_does() -> None:
    x = numbers("f8", (5,))
    refuses(
        lambda: mc.array.isin(lazy(x), [1], kind="table"), lambda: np.isin(x, [1], kind="table")
    )
    refuses(lambda: mc.array.isin(lazy(x), [1], kind="best"), lambda: np.isin(x, [1], kind="best"))  # type: ignore[call-overload]


def test_ediff1d() -> None:
    x = numbers("i8", (4, 5))
    same(mc.array.ediff1d(lazy(x)), np.ediff1d(x))
    want = np.ediff1d(x, to_end=[3, 4], to_begin=9)
    same(mc.array.ediff1d(lazy(x), to_end=[3, 4], to_begin=9), want)
    same(mc.array.ediff1d(lazy(x[:0])), np.ediff1d(x[:0]))
    refuses(lambda: mc.array.ediff1d(lazy(x), 1.5), lambda: np.ediff1d(x, 1.5))


def test_bincount() -> None:
    x = numbers("i8", (40,))
    w = np.random.default_rng(0).random(40)
    same(mc.array.bincount(lazy(x)), np.bincount(x))
    same(mc.array.bincount(lazy(x), minlength=20), np.bincount(x, minlength=20))
    same(mc.array.bincount(lazy(x), lazy(w)), np.bincount(x, w), rtol=1e-12)
    same(mc.array.bincount(lazy(x[:0])), np.bincount(x[:0]))
    for wrong in (x.astype("f8"), x.reshape(4, 10)):
        refuses(lambda y=wrong: mc.array.bincount(lazy(y)), lambda y=wrong: np.bincount(y))
    refuses(lambda: mc.array.bincount(lazy(x), w[:3]), lambda: np.bincount(x, w[:3]))
    with pytest.raises(ValueError, match="no negative elements"):
        mc.array.bincount(lazy(x - 5)).compute()


BINS: list[Any] = [10, 1, [-5, 0, 0, 10], np.linspace(-10, 10, 7).astype("f4")]
RULES = ["auto", "fd", "scott", "doane", "rice", "sqrt", "sturges"]


@pytest.mark.parametrize("dtype", ["?", "i4", "u1", "f2", "f4", "f8"])
def test_histogram(dtype: str) -> None:
    rng = np.random.default_rng(0)
    x = (rng.normal(size=(9, 30)) * 30).astype(dtype)
    w = rng.random(x.shape)
    options: list[Any] = [{}, {"range": (-10, 20)}, {"density": True}, {"weights": w}]
    for bins, each in itertools.product(BINS, options):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a boolean is made a number
            want = np.histogram(x, bins, **each)
        same(mc.array.histogram(lazy(x, 8), bins, **each), want, rtol=1e-12)
        without = {name: value for name, value in each.items() if name != "density"}
        same(mc.array.histogram_bin_edges(lazy(x, 8), bins, **without), want[1])


@pytest.mark.parametrize("rule", RULES)
def test_rules_for_bins(rule: str) -> None:
    rng = np.random.default_rng(0)
    for x in (rng.lognormal(size=500), rng.integers(0, 20, 300), np.full(9, 3.0)):
        for each in ({}, {"range": (1, 3)}, {"density": True}):
            want = np.histogram(x, rule, **each)  # type: ignore[call-overload]
            same(mc.array.histogram(lazy(x, 100), rule, **each), want, rtol=1e-12)


def test_histograms_that_are_refused() -> None:
    x = numbers("i8", (9,))
    wrong: list[Any] = [(0,), (1.5,), ([3, 2],), (3, (2, 1)), ([[1, 2]],), ("best",)]
    for args in wrong:
        refuses(lambda a=args: mc.array.histogram(lazy(x), *a), lambda a=args: np.histogram(x, *a))
    refuses(lambda: mc.array.histogram(lazy(x), weights=[1]), lambda: np.histogram(x, weights=[1]))
    with pytest.raises(ValueError, match="stone"):
        mc.array.histogram(lazy(x), "stone")
    with pytest.raises(ValueError, match="not finite"):
        mc.array.histogram(lazy(np.array([1, np.nan, 2])))[0].compute()


def test_histograms_of_several_dimensions() -> None:
    rng = np.random.default_rng(0)
    x, y, w = rng.normal(size=(3, 100))
    edges = np.linspace(-1, 1, 4)
    every: list[Any] = [10, [3, 4], edges, [edges, 3]]
    for bins, density in itertools.product(every, (None, True)):
        want = np.histogram2d(x, y, bins, density=density, weights=w)
        got = mc.array.histogram2d(lazy(x, 30), lazy(y, 40), bins, density=density, weights=w)
        same(got, want, rtol=1e-12)
    points = rng.normal(size=(80, 3))
    want, places = np.histogramdd(points, 4, range=[(-1, 1), None, (0, 2)])
    counts, got = mc.array.histogramdd(lazy(points, 30), 4, range=[(-1, 1), None, (0, 2)])
    same(counts, want)
    same(got, places)
    refuses(
        lambda: mc.array.histogramdd(lazy(points), [1, 2]), lambda: np.histogramdd(points, [1, 2])
    )
