"""Sorting and searching of `mc.array`, held against NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import manycore as mc
from lazy import lazy, refuses, same
from manycore.array import _sort_samples, _sorting

DTYPES = ["?", "u1", "i2", "i8", "f2", "f4", "f8", "c16", "m8[s]", "M8[s]"]
SHAPES: list[tuple[int, ...]] = [(20,), (1,), (0,), (6, 7), (3, 4, 5), (0, 3)]


@pytest.fixture(params=["whole", "samples"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How an axis in several chunks is sorted: in one block, or by samples."""
    if request.param == "samples":
        monkeypatch.setattr(_sorting, "LONG", 2)
    return str(request.param)


def numbers(dtype: str, shape: tuple[int, ...]) -> Any:
    rng = np.random.default_rng(len(dtype) + len(shape))
    x = rng.integers(0, 9, shape).astype(dtype)
    if dtype[0] in "fc":
        x[rng.random(shape) < 0.2] = np.nan
    return x


@pytest.mark.parametrize("dtype", DTYPES)
def test_sort_and_argsort(way: str, dtype: str) -> None:
    for shape in SHAPES:
        x = numbers(dtype, shape)
        for axis in (None, -1, *range(len(shape))):
            same(mc.array.sort(lazy(x), axis), np.sort(x, axis))
            same(mc.array.argsort(lazy(x), axis), np.argsort(x, axis, kind="stable"))


def test_descending_sorts_are_stable(way: str) -> None:
    x = numbers("i8", (40,))
    same(mc.array.sort(lazy(x), descending=True), np.sort(x)[::-1])
    order = np.argsort(-x, kind="stable")
    same(mc.array.argsort(lazy(x), descending=True), order)
    y = numbers("i8", (4, 9))
    got = mc.array.argsort(lazy(y), axis=0, descending=True, stable=True)
    same(got, np.argsort(-y, axis=0, kind="stable"))


@given(
    x=hnp.arrays(
        st.sampled_from([np.int8, np.float64, np.uint16]), st.integers(0, 60), elements={}
    ),
    size=st.integers(1, 9),
)
def test_a_sample_sort_is_a_stable_sort(x: Any, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_sorting, "LONG", 1)
        np.testing.assert_array_equal(mc.array.sort(lazy(x, size)).compute(), np.sort(x))
        got = mc.array.argsort(lazy(x, size)).compute()
        np.testing.assert_array_equal(got, np.argsort(x, kind="stable"))


def test_chunks_of_a_sample_sort_are_about_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sorting, "LONG", 1)
    rng = np.random.default_rng(0)
    for x in (rng.normal(size=20_000), rng.integers(0, 2, 20_000), np.zeros(20_000)):
        result = mc.array.sort(lazy(x, 1000))
        assert max(result.chunks[0]) < 1500
        same(result, np.sort(x))


def test_what_numpy_refuses_to_sort() -> None:
    x = numbers("i8", (4, 5))
    refuses(lambda: mc.array.sort(lazy(x), 2), lambda: np.sort(x, 2))
    refuses(lambda: mc.array.sort(lazy(x), order="a"), lambda: np.sort(x, order="a"))
    refuses(lambda: mc.array.sort(lazy(x[0, 0])), lambda: np.sort(x[0, 0]))
    same(mc.array.argsort(lazy(x[0, 0])), np.argsort(x[0, 0]))


@pytest.mark.parametrize("k", [1, 3, 50, -1, -4, -50])
def test_topk(k: int) -> None:
    for shape in [(30,), (8, 9), (1,)]:
        x = np.random.default_rng(0).permutation(np.prod(shape)).reshape(shape).astype("f8")
        for axis in range(-1, len(shape)):
            ordered = np.sort(x, axis)
            ordered = np.flip(ordered, axis) if k > 0 else ordered
            want = ordered.take(range(min(abs(k), x.shape[axis])), axis)
            same(mc.array.topk(lazy(x), k, axis), want)
            places = mc.array.argtopk(lazy(x), k, axis, split_every=2)
            assert places.dtype == np.int64
            np.testing.assert_array_equal(np.take_along_axis(x, np.asarray(places), axis), want)


def test_partition(way: str) -> None:
    x = numbers("i8", (5, 9))
    for axis, kth in ((0, 2), (-1, [0, 4]), (None, -3)):
        ordered = np.sort(x, axis)
        for function in (mc.array.partition, mc.array.argpartition):
            got = np.asarray(function(lazy(x), kth, axis))
            if function is mc.array.argpartition:
                got = np.take_along_axis(x, got, axis) if axis is not None else x.ravel()[got]
            np.testing.assert_array_equal(np.sort(got, axis), ordered)
            place = axis or 0
            np.testing.assert_array_equal(got.take(kth, place), ordered.take(kth, place))
    refuses(lambda: mc.array.partition(lazy(x), 9), lambda: np.partition(x, 9))


def test_searchsorted(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.sort(numbers("i8", (40,)))
    v = numbers("f8", (5, 7))
    for side in ("left", "right"):
        same(mc.array.searchsorted(lazy(x), lazy(v), side), np.searchsorted(x, v, side))  # type: ignore[call-overload]
        same(mc.array.searchsorted(lazy(x), 3, side), np.searchsorted(x, 3, side))  # type: ignore[call-overload]
    same(mc.array.searchsorted(lazy(x[:0]), v), np.searchsorted(x[:0], v))
    order = np.random.default_rng(0).permutation(40)
    mixed = np.empty_like(x)
    mixed[order] = x
    same(mc.array.searchsorted(lazy(mixed), v, sorter=order), np.searchsorted(x, v))
    monkeypatch.setattr(_sorting, "_SEARCHED", 80)
    same(mc.array.searchsorted(lazy(x), v, "right"), np.searchsorted(x, v, "right"))
    with pytest.raises(ValueError, match="too deep"):
        mc.array.searchsorted(lazy(v), 1)
    refuses(
        lambda: mc.array.searchsorted(lazy(x), 1, "middle"),
        lambda: np.searchsorted(x, 1, "middle"),  # type: ignore[call-overload]
    )


def test_lexsort() -> None:
    a, b = numbers("i8", (4, 9)), numbers("i2", (4, 9))
    for axis in (0, 1, -1):
        same(mc.array.lexsort((lazy(a), lazy(b)), axis), np.lexsort((a, b), axis))
    same(mc.array.lexsort(lazy(a)), np.lexsort(a))
    refuses(lambda: mc.array.lexsort((a, a[0])), lambda: np.lexsort((a, a[0])))


def test_digitize() -> None:
    x = numbers("f8", (5, 7))
    for bins in ([1, 3, 8], [8, 3, 1], np.array([0.5, 2.5])):
        for right in (False, True):
            same(mc.array.digitize(lazy(x), bins, right), np.digitize(x, bins, right))
    refuses(lambda: mc.array.digitize(lazy(x), [1, 3, 2]), lambda: np.digitize(x, [1, 3, 2]))


def test_a_sort_by_samples_runs_in_the_budget_of_a_block() -> None:
    sizes = []
    merge = _sort_samples._merge

    def watched(*pieces: Any) -> Any:
        result = merge(*pieces)
        sizes.append(result.size)
        return result

    x = np.random.default_rng(0).random(30_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_sorting, "LONG", 1)
        patch.setattr(_sort_samples, "_merge", watched)
        np.testing.assert_array_equal(mc.array.sort(lazy(x, 2000)).compute(), np.sort(x))
    assert len(sizes) == 15
    assert max(sizes) < 3000
