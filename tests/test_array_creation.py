"""Creation of `mc.array`, held against NumPy's."""

from __future__ import annotations

import itertools
from threading import Lock
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import manycore as mc


def alike(found: Any, expected: Any, exact: bool = True) -> None:
    """Hold a lazy array against NumPy's."""
    expected = np.asarray(expected)
    assert isinstance(found, mc.array.Array)
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    computed = np.asarray(found)
    assert computed.dtype == expected.dtype
    if exact:
        np.testing.assert_array_equal(computed, expected)
    else:
        np.testing.assert_allclose(computed, expected, rtol=1e-14)


@pytest.mark.parametrize("dtype", [None, "f4", "i2", "?", "c8", "M8[s]"])
@pytest.mark.parametrize("shape", [(), 3, (2, 0, 3), (4, 5)], ids=str)
def test_constants(shape: Any, dtype: Any) -> None:
    alike(mc.array.zeros(shape, dtype), np.zeros(shape, dtype or float))
    assert mc.array.empty(shape, dtype).dtype == np.dtype(dtype or float)
    if dtype != "M8[s]":
        alike(mc.array.ones(shape, dtype), np.ones(shape, dtype or float))
        alike(mc.array.full(shape, 1, dtype), np.full(shape, 1, dtype))
    given = mc.array.zeros(shape, dtype)
    memory = np.zeros(shape, dtype or float)
    alike(mc.array.zeros_like(given), memory)
    alike(np.zeros_like(given), memory)
    if dtype != "M8[s]":
        alike(mc.array.ones_like(given), np.ones_like(memory))
        alike(mc.array.full_like(given, 1), np.full_like(memory, 1))
        alike(mc.array.full_like(given, 1, dtype="i4"), np.full_like(memory, 1, dtype="i4"))


def test_full_takes_several_values_and_refuses_what_does_not_fit() -> None:
    alike(mc.array.full((2, 3), [1, 2, 3]), np.full((2, 3), [1, 2, 3]))
    alike(mc.array.full(2, 1.5), np.full(2, 1.5))
    with pytest.raises(OverflowError):
        mc.array.full(2, 300, "i1")
    with pytest.raises(ValueError, match="negative dimensions"):
        mc.array.zeros(-1)
    with pytest.raises(TypeError, match="Python objects"):
        mc.array.full(2, object())


def test_likes_have_the_same_chunks() -> None:
    x = mc.array.ones((6, 4), chunks=(4, 3))
    assert mc.array.zeros_like(x).chunks == x.chunks == ((4, 2), (3, 1))
    assert mc.array.zeros_like(x, shape=(2,)).shape == (2,)


CHUNKS: list[tuple[Any, Any]] = [
    (4, ((4, 4, 2), (4, 3))),
    ((5, -1), ((5, 5), (7,))),
    ((5, None), ((5, 5), (7,))),
    (((2, 8), (3, 4)), ((2, 8), (3, 4))),
    ({0: 9}, ((9, 1), (7,))),
    ("56 B", ((1,) * 10, (7,))),
    (-1, ((10,), (7,))),
]


@pytest.mark.parametrize(("chunks", "expected"), CHUNKS, ids=str)
def test_chunks(chunks: Any, expected: Any) -> None:
    x = mc.array.zeros((10, 7), chunks=chunks)
    assert x.chunks == expected
    assert x.numblocks == tuple(map(len, expected))
    assert mc.array.from_array(np.zeros((10, 7)), chunks=chunks).chunks == expected
    assert mc.array.zeros((10, 7), chunks=-1).rechunk(chunks).chunks == expected


@pytest.mark.parametrize("chunks", [0, (3,), (3, 3, 3), ((3, 3), 7), "many"], ids=str)
def test_bad_chunks(chunks: Any) -> None:
    with pytest.raises(ValueError, match=r"chunk|size"):
        mc.array.zeros((10, 7), chunks=chunks)


def test_rechunk_keeps_other_axes() -> None:
    x = mc.array.zeros((10, 7), chunks=(3, 2))
    assert x.rechunk({1: -1}).chunks == ((3, 3, 3, 1), (7,))
    assert x.rechunk((5, None)).chunks == ((5, 5), (2, 2, 2, 1))
    assert x.rechunk("auto").shape == x.shape
    with pytest.raises(np.exceptions.AxisError):
        x.rechunk({2: 1})


ARANGES: list[tuple[Any, ...]] = [
    (5,),
    (2, 9),
    (2, 9, 3),
    (9, 2, -2),
    (5, 5),
    (5, 2),
    (0, 1, 0.1),
    (0.5, 3),
    (1.0, -1.0, -0.3),
    (np.float32(3),),
    (np.int8(3), np.int8(9)),
    (3, 8, np.float32(0.5)),
    (True,),
    (np.datetime64("2026-01-01"), np.datetime64("2026-01-05")),
    (0, 3, 1 + 0j),
    (2**62, 2**62 + 3),
]


@pytest.mark.parametrize("arguments", ARANGES, ids=str)
def test_arange(arguments: Any) -> None:
    expected = np.arange(*arguments)
    alike(mc.array.arange(*arguments, chunks=2), expected, exact=expected.dtype.kind == "M")
    if isinstance(arguments[0], np.datetime64 | bool) or expected.dtype.kind == "c":
        return
    for dtype in ("f4", "i2", "f2"):
        options: Any = {"dtype": dtype}
        if arguments[0] != 2**62:
            alike(mc.array.arange(*arguments, **options), np.arange(*arguments, **options))


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-9, 9).filter(bool))
def test_random_aranges(start: int, stop: int, step: int) -> None:
    alike(mc.array.arange(start, stop, step), np.arange(start, stop, step))
    alike(
        mc.array.arange(start / 7, stop / 7, step / 7),
        np.arange(start / 7, stop / 7, step / 7),
        exact=False,
    )


def test_aranges_that_numpy_refuses() -> None:
    for arguments in [(0, 5, 0), (0, np.nan), (0, np.inf)]:
        with pytest.raises((ValueError, ZeroDivisionError)) as expected:
            np.arange(*arguments)
        with pytest.raises(expected.type):
            mc.array.arange(*arguments)


@pytest.mark.parametrize("endpoint", [True, False])
@pytest.mark.parametrize("num", [0, 1, 2, 7])
def test_spaces(num: int, endpoint: bool) -> None:
    ends: list[tuple[Any, Any]] = [(0, 1), (2.5, -3), (1, 1), (1j, 2), ([1, 2], [3, 5])]
    for start, stop in ends:
        options: Any = {"num": num, "endpoint": endpoint}
        alike(
            mc.array.linspace(start, stop, **options),
            np.linspace(start, stop, **options),
            exact=False,
        )
        if not isinstance(start, complex) and not isinstance(stop, complex):
            alike(
                mc.array.linspace(start, stop, dtype="i4", **options),
                np.linspace(start, stop, dtype="i4", **options),
            )
            alike(
                mc.array.logspace(start, stop, **options),
                np.logspace(start, stop, **options),
                exact=False,
            )
    positive: list[tuple[Any, Any]] = [(1, 1000), (-2, -0.5), ([1, 2], [3, 5])]
    for start, stop in positive:
        alike(
            mc.array.geomspace(start, stop, **options),
            np.geomspace(start, stop, **options),
            exact=False,
        )


def test_spaces_further() -> None:
    alike(mc.array.linspace([1, 2], [3, 5], 4, axis=-1), np.linspace([1, 2], [3, 5], 4, axis=-1))
    found, step = mc.array.linspace(0, 1, 5, retstep=True)
    assert (found.shape, step) == ((5,), 0.25)
    with pytest.raises(ValueError, match="must be non-negative"):
        mc.array.linspace(0, 1, -1)
    with pytest.raises(ValueError, match="cannot include zero"):
        mc.array.geomspace(0, 1)


def test_matrices() -> None:
    for rows, columns, k in itertools.product((0, 1, 4), (None, 3), (-2, 0, 1)):
        alike(mc.array.eye(rows, columns, k=k), np.eye(rows, columns, k))
        alike(mc.array.tri(rows, columns, k), np.tri(rows, columns, k))
    alike(mc.array.identity(3, "i4"), np.identity(3, "i4"))
    for shape in [(3,), (3, 4), (2, 4, 3)]:
        memory = np.arange(1, 1 + np.prod(shape)).reshape(shape)
        x = mc.array.from_array(memory, chunks=2)
        for k in (-1, 0, 2):
            alike(mc.array.tril(x, k), np.tril(memory, k))
            alike(mc.array.triu(x, k), np.triu(memory, k))
            if len(shape) < 3:
                alike(mc.array.diag(x, k), np.diag(memory, k))
            if len(shape) > 1:
                alike(mc.array.diagonal(x, k), np.diagonal(memory, k))
                alike(x.diagonal(k, 1, 0), memory.diagonal(k, 1, 0))
    alike(mc.array.diagflat([[1, 2], [3, 4]], 1), np.diagflat([[1, 2], [3, 4]], 1))
    alike(mc.array.vander([1, 2, 3], 4), np.vander([1, 2, 3], 4))
    alike(mc.array.vander([1.5, 2], increasing=True), np.vander([1.5, 2], increasing=True))
    with pytest.raises(ValueError, match="at least two dimensions"):
        mc.array.diagonal(mc.array.ones(3))


def test_a_long_diagonal_is_read_in_squares() -> None:
    memory = np.arange(700 * 600).reshape(700, 600)
    alike(mc.array.from_array(memory, chunks=100).diagonal(-3), memory.diagonal(-3))


def test_grids() -> None:
    lines = [np.arange(3), np.arange(4.0), np.arange(2)]
    for indexing in ("xy", "ij"):
        for sparse in (False, True):
            options: Any = {"indexing": indexing, "sparse": sparse}
            found = mc.array.meshgrid(*lines, **options)
            for one, expected in zip(found, np.meshgrid(*lines, **options), strict=True):
                alike(one, expected)
    alike(mc.array.indices((2, 3)), np.indices((2, 3)))
    for one, expected in zip(
        mc.array.indices((2, 3), sparse=True), np.indices((2, 3), sparse=True), strict=True
    ):
        alike(one, expected)
    with pytest.raises(ValueError, match="indexing"):
        mc.array.meshgrid([1], indexing="yx")
    for name in ("tril_indices", "triu_indices"):
        for one, expected in zip(
            getattr(mc.array, name)(3, 1, 4), getattr(np, name)(3, 1, 4), strict=True
        ):
            alike(one, expected)


def test_fromfunction() -> None:
    alike(
        mc.array.fromfunction(lambda i, j: i * 10 + j, (4, 5), chunks=2),
        np.fromfunction(lambda i, j: i * 10 + j, (4, 5)),
    )
    alike(mc.array.fromfunction(lambda i: i > 2, (5,), dtype=int), np.arange(5) > 2)


def test_memory_is_not_copied_but_by_array() -> None:
    memory = np.zeros(3)
    seen, copied = mc.array.asarray(memory), mc.array.array(memory)
    memory[0] = 7
    assert np.asarray(seen)[0] == 7
    assert np.asarray(copied)[0] == 0
    with pytest.raises(ValueError, match="copy"):
        mc.array.asarray([1, 2], copy=False)
    with pytest.raises(ValueError, match="copy"):
        mc.array.asarray(mc.array.ones(2), dtype=int, copy=False)


def test_asarray() -> None:
    x = mc.array.arange(3)
    assert mc.array.asarray(x) is x
    alike(mc.array.asarray(x, dtype="f4"), np.arange(3, dtype="f4"))
    alike(mc.array.asarray([x, [3, 4, 5]]), [[0, 1, 2], [3, 4, 5]])
    alike(mc.array.array([1, 2], ndmin=3), np.array([1, 2], ndmin=3))
    alike(mc.array.asarray(np.arange(3, dtype=">i4")) + 1, np.arange(3, dtype=">i4") + 1)
    alike(mc.array.asarray(np.arange(10)[::-3]), np.arange(10)[::-3])
    assert mc.array.ascontiguousarray(1).shape == (1,)
    for value in (object(), [1, "a", None], {1: 2}):
        with pytest.raises(TypeError, match="Python objects"):
            mc.array.asarray(value)
    with pytest.raises(TypeError, match="masked arrays"):
        mc.array.asarray(np.ma.array([1, 2], mask=[True, False]))
    with pytest.raises(ValueError, match="device"):
        mc.array.asarray([1], device="gpu")


class Stored:
    """Something like a dataset of h5py's, which counts what is read of it."""

    def __init__(self, memory: Any, chunks: Any = None) -> None:
        self.memory = memory
        self.shape, self.dtype, self.chunks = memory.shape, memory.dtype, chunks
        self.boxes: list[Any] = []

    def __getitem__(self, box: Any) -> Any:
        self.boxes.append(box)
        return self.memory[box]


@pytest.mark.parametrize("lock", [False, True, Lock()], ids=str)
def test_what_is_read_by_slices(lock: Any) -> None:
    stored = Stored(np.arange(60).reshape(10, 6))
    x = mc.array.from_array(stored, chunks=(4, 6), lock=lock)
    assert not stored.boxes
    alike(x + 1, stored.memory + 1)
    assert len(stored.boxes) == 3
    assert max(part.stop - part.start for part, _ in stored.boxes) == 4


def test_stored_chunks_are_read_in_multiples() -> None:
    stored = Stored(np.zeros((100, 30)), chunks=(7, 10))
    x = mc.array.from_array(stored)
    assert x.chunks == ((98, 2), (30,)) or x.chunks == ((100,), (30,))
    small = mc.array.from_array(Stored(np.zeros((10**6, 30)), chunks=(1000, 30)))
    assert small.chunks[0][0] % 1000 == 0
    assert len(small.chunks[0]) > 1


def test_from_delayed() -> None:
    x = mc.array.from_delayed(mc.delayed(np.arange)(4), (4,), int)
    alike(x * 2, np.arange(4) * 2)
    wrong = mc.array.from_delayed(lambda: np.arange(3), 4, int)
    with pytest.raises(Exception, match="as declared"):
        wrong.compute()
