"""Indexing and assignment of `mc.array`, held against NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import manycore as mc

SHAPE = (5, 4, 3)
WHOLE = np.arange(60).reshape(SHAPE)
CHUNKS = (2, 3, 2)


def lazy(array: Any = WHOLE, chunks: Any = CHUNKS) -> mc.array.Array:
    return mc.array.from_array(array.copy(), chunks=chunks)


def to_numpy(key: Any) -> Any:
    if isinstance(key, tuple):
        return tuple(to_numpy(part) for part in key)
    return np.asarray(key) if isinstance(key, mc.array.Array) else key


rng = np.random.default_rng(0)
MASK = rng.random(SHAPE) < 0.4

KEYS: list[Any] = [
    (),
    0,
    -1,
    np.int8(2),
    slice(1, 4),
    slice(None, None, -1),
    slice(4, 0, -2),
    slice(3, 1),
    slice(-100, 100, 3),
    Ellipsis,
    None,
    (None, 0, None, ..., None),
    (..., 1),
    (1, 2, 0),
    (slice(None), 1),
    (slice(1, 3), slice(None, None, 2), slice(2, 0, -1)),
    [0, 2, 2],
    [-1],
    [],
    [[0, 1], [4, -5]],
    (slice(None), [0, 3]),
    (slice(1, 4), [0, 3, 1], slice(None, 2)),
    (0, [0, 3]),
    ([0, 1], 2),
    ([0, 1], [1, 2]),
    ([0, 1], [1, 2], [0, 2]),
    ([[0], [4]], [1, 2]),
    ([0, 1], slice(None), [0, 2]),
    (0, slice(None), [0, 2]),
    ([0, 1], None, [0, 2]),
    (None, [0, 1], [0, 2]),
    ([[0], [4]], slice(1, 3), [1, 2]),
    (slice(None), [0, 1], None, 2),
    np.ix_([0, 3], [1], [2, 0]),
    (np.array(3), [0, 1]),
    np.array(3),
    (np.array([1, 2], np.uint8),),
    (np.zeros((2, 0), int),),
    MASK,
    MASK[:, :, 0],
    MASK[:, 0, 0],
    (slice(None), MASK[0, :, 0]),
    (slice(None), MASK[0]),
    (MASK[:, 0, 0], 1),
    (MASK[:, 0, 0], slice(None), 1),
    (MASK[:, :, 0], 1),
    (..., MASK[0, 0]),
    np.zeros(SHAPE, bool),
    np.ones(SHAPE, bool),
    np.zeros((5, 0), bool),
    np.zeros(0, bool),
    True,
    False,
    (True, 0),
    (False, [0]),
    np.True_,
    (np.array(True), ..., 0),
    [True, False, True, False, True],
    (0, [True, False, True, False]),
]


@pytest.mark.parametrize("key", KEYS, ids=[str(index) for index in range(len(KEYS))])
def test_getitem(key: Any) -> None:
    expected = WHOLE[key]
    selected = lazy()[key]
    assert selected.ndim == expected.ndim
    assert selected.shape == expected.shape
    assert selected.dtype == expected.dtype
    np.testing.assert_array_equal(np.asarray(selected), expected)


@pytest.mark.parametrize("key", KEYS, ids=[str(index) for index in range(len(KEYS))])
def test_setitem(key: Any) -> None:
    expected = WHOLE.copy()
    array = lazy()
    before = array + 0
    for value in (-7, -1 - np.arange(WHOLE[key].size).reshape(WHOLE[key].shape)):
        expected[key] = value
        array[key] = value
        np.testing.assert_array_equal(np.asarray(array), expected)
    np.testing.assert_array_equal(np.asarray(before), WHOLE)


LAZY = [
    lambda: lazy(MASK),
    lambda: lazy() % 7 == 0,
    lambda: lazy(MASK[:, 0, 0], 2),
    lambda: (slice(None), lazy(MASK[0, :, 0], 2)),
    lambda: (lazy(MASK[:, :, 0], 2), 1),
    lambda: lazy(np.array([4, 0, -1]), 2),
    lambda: (lazy(np.array([4, 0, -1]), 2), [0, 1, 2]),
    lambda: lazy(np.array(2), ()),
    lambda: (0, lazy(np.array(True), ())),
]


@pytest.mark.parametrize("make", LAZY, ids=map(str, range(len(LAZY))))
def test_lazy_indices(make: Any) -> None:
    key = make()
    expected = WHOLE[to_numpy(key)]
    selected = lazy()[key]
    assert selected.dtype == expected.dtype
    assert selected.ndim == expected.ndim
    np.testing.assert_array_equal(np.asarray(selected), expected)
    np.testing.assert_array_equal(np.asarray(selected * 2), expected * 2)
    array, changed = lazy(), WHOLE.copy()
    array[key] = 5
    changed[to_numpy(key)] = 5
    np.testing.assert_array_equal(np.asarray(array), changed)


def test_unknown_shape_is_not_counted_before_it_is_asked_for() -> None:
    x = lazy()
    selected = x[x > 10]
    assert "not counted" in repr(selected)
    assert (selected.dtype, selected.ndim) == (np.dtype(int), 1)
    assert "not counted" in repr(selected)
    assert selected.shape == (49,)
    assert "not counted" not in repr(selected)


def test_masked_values_in_order() -> None:
    x, expected = lazy(), WHOLE.copy()
    mask = expected % 3 == 0
    values = np.arange(mask.sum()) * 10
    expected[mask] = values
    x[x % 3 == 0] = values
    np.testing.assert_array_equal(np.asarray(x), expected)


BAD_KEYS: list[Any] = [
    5,
    (0, 0, 0, 0),
    (..., ...),
    1.0,
    "x",
    [1.0],
    np.zeros(3, bool),
    (slice(None), np.zeros((4, 2), bool)),
    ([0, 1], [0, 1, 2]),
    [7],
    (slice(None), [0, 4]),
    np.array([], float),
    object(),
    np.array([1.5]),
    (0, [0, -5]),
    slice(None, None, 0),
    slice(1.0, None),
]


@pytest.mark.parametrize("key", BAD_KEYS, ids=str)
def test_bad_keys_get_numpys_errors(key: Any) -> None:
    with pytest.raises((IndexError, ValueError, TypeError)) as expected:
        WHOLE[key]
    with pytest.raises(expected.type) as raised:
        lazy()[key]
    assert str(raised.value) == str(expected.value)


BAD_VALUES: list[tuple[Any, Any]] = [
    (0, np.zeros((7, 7))),
    (slice(0, 2), np.zeros((3, 4, 3))),
    (WHOLE > 3, np.zeros(3)),
    ([0, 1], np.zeros((3, 7))),
    (0, 1j),
    (0, "x"),
    (0, 2**80),
]


@pytest.mark.parametrize(("key", "value"), BAD_VALUES, ids=str)
def test_bad_values_get_numpys_errors(key: Any, value: Any) -> None:
    with pytest.raises((IndexError, ValueError, TypeError, OverflowError)) as expected:
        WHOLE.copy()[key] = value
    with pytest.raises(expected.type) as raised:
        lazy()[key] = value
    assert str(raised.value) == str(expected.value)


@given(st.data())
def test_random_basic_indices(data: Any) -> None:
    shape = data.draw(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6))
    whole = np.arange(int(np.prod(shape))).reshape(shape)
    key = data.draw(hnp.basic_indices(shape, allow_newaxis=True))
    array = mc.array.from_array(whole, chunks=data.draw(st.integers(1, 4)))
    np.testing.assert_array_equal(np.asarray(array[key]), whole[key])
    changed = whole.copy()
    changed[key] = -1
    array[key] = -1
    np.testing.assert_array_equal(np.asarray(array), changed)


@given(st.data())
def test_random_integer_indices(data: Any) -> None:
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=6))
    whole = np.arange(int(np.prod(shape))).reshape(shape)
    key = data.draw(hnp.integer_array_indices(shape))
    array = mc.array.from_array(whole, chunks=data.draw(st.integers(1, 4)))
    np.testing.assert_array_equal(np.asarray(array[key]), whole[key])
    np.testing.assert_array_equal(np.asarray((array + 1)[key]), whole[key] + 1)


def test_vindex_takes_points() -> None:
    np.testing.assert_array_equal(
        np.asarray(lazy().vindex[[0, 1, 4], [3, 2, 0]]), WHOLE[[0, 1, 4], [3, 2, 0]]
    )
    # The points' axis comes first, wherever the arrays stand.
    assert lazy().vindex[:, [0, 1], [2, 0]].shape == (2, 5)
    np.testing.assert_array_equal(
        np.asarray(lazy().vindex[:, [0, 1], [2, 0]]), WHOLE[:, [0, 1], [2, 0]].T
    )


def test_blocks() -> None:
    x = lazy()
    assert x.blocks.shape == x.numblocks == (3, 2, 2)
    assert x.blocks.size == 12
    np.testing.assert_array_equal(np.asarray(x.blocks[0]), WHOLE[:2])
    np.testing.assert_array_equal(np.asarray(x.blocks[1, 1]), WHOLE[2:4, 3:])
    assert x.blocks[:2].chunks == ((2, 2), (3, 1), (2, 1))
    np.testing.assert_array_equal(np.asarray(x.blocks[[2, 0]]), WHOLE[[4, 0, 1]])
    np.testing.assert_array_equal(np.asarray(x.partitions[-1]), WHOLE[4:])
    parts = x.blocks.ravel()
    assert sum(part.size for part in parts) == 60
    with pytest.raises(IndexError):
        x.blocks[3]


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("indices", [0, -1, [0, 2, 2], [[0, 1], [2, 0]], []], ids=str)
def test_take(axis: Any, indices: Any) -> None:
    expected = np.take(WHOLE, indices, axis)
    np.testing.assert_array_equal(np.asarray(mc.array.take(lazy(), indices, axis)), expected)
    np.testing.assert_array_equal(np.asarray(lazy().take(indices, axis=axis)), expected)


def test_take_modes_and_errors() -> None:
    for mode in ("wrap", "clip"):
        np.testing.assert_array_equal(
            np.asarray(mc.array.take(lazy(), [-7, 9, 3], 0, mode=mode)),
            np.take(WHOLE, [-7, 9, 3], 0, mode=mode),
        )
    with pytest.raises(IndexError, match="index 9 is out of bounds for axis 1 with size 4"):
        mc.array.take(lazy(), 9, axis=1)
    with pytest.raises(np.exceptions.AxisError):
        mc.array.take(lazy(), 0, axis=3)


@pytest.mark.parametrize("axis", [0, 1, 2, None])
def test_along_axis(axis: Any) -> None:
    order = np.argsort(-WHOLE % 7, axis=axis)
    x = lazy()
    np.testing.assert_array_equal(
        np.asarray(mc.array.take_along_axis(x, order, axis=axis)),
        np.take_along_axis(WHOLE, order, axis),
    )
    changed = WHOLE.copy()
    np.put_along_axis(changed, order, -WHOLE.reshape(order.shape), axis)
    mc.array.put_along_axis(x, order, -WHOLE.reshape(order.shape), axis)
    np.testing.assert_array_equal(np.asarray(x), changed)


def test_along_axis_broadcasts_the_other_axes() -> None:
    index = np.array([[[2], [0]]])
    np.testing.assert_array_equal(
        np.asarray(mc.array.take_along_axis(lazy()[:, :2], index, axis=2)),
        np.take_along_axis(WHOLE[:, :2], index, 2),
    )
    with pytest.raises(ValueError, match="must have the same number of dimensions"):
        mc.array.take_along_axis(lazy(), np.zeros((2, 1), int), axis=1)


def test_nonzero_and_its_relatives() -> None:
    whole = WHOLE % 3
    x = lazy(whole)
    for found, expected in zip(mc.array.nonzero(x), np.nonzero(whole), strict=True):
        assert found.shape == expected.shape
        np.testing.assert_array_equal(np.asarray(found), expected)
    np.testing.assert_array_equal(np.asarray(x[x.nonzero()]), whole[whole.nonzero()])
    np.testing.assert_array_equal(np.asarray(mc.array.argwhere(x)), np.argwhere(whole))
    np.testing.assert_array_equal(np.asarray(mc.array.flatnonzero(x)), np.flatnonzero(whole))
    assert mc.array.nonzero(mc.array.zeros((3, 0)))[0].shape == (0,)
    with pytest.raises(ValueError, match="nonzero on 0d arrays"):
        mc.array.nonzero(mc.array.asarray(1))


def test_choices() -> None:
    x = lazy()
    np.testing.assert_array_equal(
        np.asarray(mc.array.compress([True, False, True], x, axis=1)),
        np.compress([True, False, True], WHOLE, axis=1),
    )
    np.testing.assert_array_equal(
        np.asarray(mc.array.extract(x > 7, x)), np.extract(WHOLE > 7, WHOLE)
    )
    index = WHOLE % 3
    options: Any = [WHOLE, -WHOLE, np.float32(0.5)]
    chosen = mc.array.choose(lazy(index), options)
    expected: Any = np.choose(index, options)
    assert chosen.dtype == expected.dtype
    np.testing.assert_array_equal(np.asarray(chosen), expected)
    conditions = [WHOLE < 5, WHOLE > 50]
    selected = mc.array.select([lazy(each) for each in conditions], [x, x * 0.5], -1)
    expected = np.select(conditions, [WHOLE, WHOLE * 0.5], -1)
    assert selected.dtype == expected.dtype
    np.testing.assert_array_equal(np.asarray(selected), expected)


@pytest.mark.parametrize("other", [1, 1.5, 1j, True, np.float32(2), np.arange(3, dtype="f4")])
@pytest.mark.parametrize("dtype", ["i1", "f4", "?", "c8"])
def test_where(dtype: str, other: Any) -> None:
    whole = (WHOLE % 3).astype(dtype)
    for arguments in [(whole, other), (other, whole)]:
        expected = np.where(WHOLE > 20, *arguments)
        given = [lazy(each) if each is whole else each for each in arguments]
        chosen = mc.array.where(lazy() > 20, *given)
        assert chosen.dtype == expected.dtype
        np.testing.assert_array_equal(np.asarray(chosen), expected)
    with pytest.raises(ValueError, match="either both or neither"):
        mc.array.where(lazy(), 1)


def test_replacing_functions() -> None:
    for name, arguments in [
        ("put", ([0, 7, -1], [1, 2])),
        ("putmask", (MASK, np.arange(60).reshape(SHAPE) * 10)),
        ("putmask", (MASK, 3)),
        ("place", (MASK, [1, 2, 3])),
        ("copyto", (7,)),
    ]:
        x, expected = lazy(), WHOLE.copy()
        getattr(np, name)(expected, *arguments)
        getattr(mc.array, name)(x, *arguments)
        np.testing.assert_array_equal(np.asarray(x), expected, err_msg=name)
    square = np.zeros((4, 4))
    x = mc.array.from_array(square.copy(), chunks=3)
    mc.array.fill_diagonal(x, [1, 2])
    np.fill_diagonal(square, [1, 2])
    np.testing.assert_array_equal(np.asarray(x), square)


def test_flat_and_grid_indices() -> None:
    flat = np.array([3, 59, 17])
    grid = np.unravel_index(flat, SHAPE)
    for found, expected in zip(mc.array.unravel_index(flat, SHAPE), grid, strict=True):
        np.testing.assert_array_equal(np.asarray(found), expected)
    for order in ("C", "F"):
        np.testing.assert_array_equal(
            np.asarray(mc.array.ravel_multi_index(grid, SHAPE, order=order)),
            np.ravel_multi_index(grid, SHAPE, order=order),
        )
