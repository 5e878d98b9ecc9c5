"""
Sorting along an axis, and searching what is sorted.

The axis is made whole in each block, and blocks are sorted side by side. A few long lines are
sorted by samples (`manycore.array._sort_samples`), as are lines that the memory has no room for.
"""

from __future__ import annotations

import itertools
from functools import partial
from math import ceil

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap, _wrap_later, asarray
from manycore.array._nodes import (
    along,
    blocks,
    bounds,
    divided,
    flat,
    moved,
    offsets,
    section,
    whole,
)
from manycore.array._shapes import normalize_axis
from manycore.array._sort_samples import LONG, sample_argsort, sample_sort

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    _Numbers = np.ndarray[Any, Any]

__all__ = [
    "argpartition",
    "argsort",
    "argtopk",
    "digitize",
    "lexsort",
    "partition",
    "searchsorted",
    "sort",
    "topk",
]

_POSITION = np.dtype(np.int64)

# A sorted array of more bytes is searched in pieces.
_SEARCHED = 1 << 27
# Chunks whose largest elements are merged at a time.
_FAN = 8


def sort(
    a: Any,
    axis: int | None = -1,
    kind: Any = None,
    order: Any = None,
    *,
    stable: bool | None = None,
    descending: bool = False,
) -> Array:
    """
    Sort along an axis.

    Parameters
    ----------
    a : array_like
        The elements; NaN comes last.
    axis : int or None, default -1
        Along which axis; None for all elements, flattened.
    kind : str, optional
        One of NumPy's; all are the same to a sort of numbers.
    order : str or list of str, optional
        The fields of a structured array to compare by.
    stable : bool, optional
        Whether equal elements keep their order.
    descending : bool, default False
        Whether the largest come first.

    Returns
    -------
    Array
        A sorted copy.

    Examples
    --------
    >>> mc.array.sort([[3, 1], [2, 4]], axis=1).compute()
    array([[1, 3],
           [2, 4]])
    """
    core, place = _axis(a, axis)
    np.sort(np.empty(1, core.dtype), kind=kind, order=order, stable=stable)
    if _long(core, place) and order is None:
        result = _by_samples(core, place, False)
    else:
        call = partial(np.sort, axis=place, kind=kind, order=order, stable=stable)
        result = _wrap(along(call, core, place, core.dtype, "sort"))
    return _flipped(result, place) if descending else result


def argsort(
    a: Any,
    axis: int | None = -1,
    kind: Any = None,
    order: Any = None,
    *,
    stable: bool | None = None,
    descending: bool = False,
) -> Array:
    """
    Give the positions that the elements have before they are sorted.

    Parameters
    ----------
    a, axis, order, descending
        As in `sort`.
    kind : str, optional
        One of NumPy's. Any but ``"quicksort"`` is stable.
    stable : bool, optional
        Whether equal elements keep their order; by default they do.

    Returns
    -------
    Array
        Positions along the axis, of int64.

    Examples
    --------
    >>> mc.array.argsort([30, 10, 20]).compute()
    array([1, 2, 0])
    """
    core, place = _axis(a, axis, positions=True)
    if stable is None:
        # The array API's default.
        kind = kind or "stable"
    np.argsort(np.empty(1, core.dtype), kind=kind, order=order, stable=stable)
    if descending:
        # The last of equal elements comes first when all is turned round twice.
        core = section(core, place, core.shape[place] - 1, -1, -1) if core.size else core
    if _long(core, place) and order is None:
        result = _by_samples(core, place, True)
    else:
        call = partial(np.argsort, axis=place, kind=kind, order=order, stable=stable)
        result = _wrap(along(call, core, place, _POSITION, "argsort"))
    if not descending:
        return result
    last = _core.Array.full((), np.asarray(core.shape[place] - 1))

    def turned() -> _core.Array:
        found: _core.Array = _flipped(result, place)._core
        return _core.Array.map("subtract", [last, found], _POSITION)

    return _wrap(turned()) if result._later is None else _wrap_later(turned, _POSITION, core.ndim)


def _axis(a: Any, axis: int | None, positions: bool = False) -> tuple[_core.Array, int]:
    """Give the elements, and the axis to sort along."""
    core = asarray(a)._core
    # NumPy gives a position even in what has no axes.
    if axis is None or (positions and core.ndim == 0 and axis in (0, -1)):
        return flat(core), 0
    return core, normalize_axis(axis, core.ndim)


def _long(core: _core.Array, axis: int) -> bool:
    """Tell whether the lines are too long, or too few, for each block to hold whole ones."""
    length = core.shape[axis]
    if not core.size or length < LONG or len(core.chunks[axis]) == 1 or core.dtype.kind == "V":
        return False
    _, workers, memory, _ = _core.configuration()
    # A block has its line, and the sorted one; with room for others that are being written to disk.
    fits = memory is None or 4 * workers * length * core.dtype.itemsize <= memory
    return not fits or core.size < 4 * workers * length


def _flipped(x: Array, axis: int) -> Array:
    def make() -> _core.Array:
        core: _core.Array = x._core
        return section(core, axis, core.shape[axis] - 1, -1, -1) if core.size else core

    return _wrap(make()) if x._later is None else _wrap_later(make, x.dtype, x.ndim)


def _by_samples(core: _core.Array, axis: int, positions: bool) -> Array:
    """Sort every line along a long axis by samples."""

    def make() -> _core.Array:
        lines = moved(core, axis, core.ndim - 1)
        rest = lines.shape[:-1]
        length = lines.shape[-1]
        done = []
        for place in itertools.product(*map(range, rest)):
            line = lines.slice([*((at, 1, 1) for at in place), (0, 1, length)])
            line = line.axes([core.ndim - 1])
            done.append(sample_argsort(line)[1] if positions else sample_sort(line))
        if core.ndim == 1:
            return done[0]
        rows = _core.Array.concatenate([line.axes([None, 0]) for line in done], 0)
        return moved(rows.reshape((*rest, length)), core.ndim - 1, axis)

    return _wrap_later(make, _POSITION if positions else core.dtype, core.ndim)


def partition(
    a: Any, kth: Any, axis: int | None = -1, kind: Any = "introselect", order: Any = None
) -> Array:
    """
    Put elements where they would be if all were sorted, less ones before and greater ones after.

    Parameters
    ----------
    a : array_like
        The elements.
    kth : int or sequence of int
        Which places get the element that sorting would put there.
    axis, order
        As in `sort`.
    kind : {"introselect"}
        As in NumPy.

    Returns
    -------
    Array
        A copy in that order.

    Examples
    --------
    >>> mc.array.partition([30, 10, 20], 0)[0].compute()
    np.int64(10)
    """
    core, place = _axis(a, axis)
    kth = _checked_places(kth, core, place, kind)
    if _long(core, place) and order is None:
        return sort(_wrap(core), place)
    call = partial(np.partition, kth=kth, axis=place, kind=kind, order=order)
    return _wrap(along(call, core, place, core.dtype, "partition"))


def argpartition(
    a: Any, kth: Any, axis: int | None = -1, kind: Any = "introselect", order: Any = None
) -> Array:
    """
    Give the positions that the elements have before `partition`.

    Parameters
    ----------
    a, kth, axis, kind, order
        As in `partition`.

    Returns
    -------
    Array
        Positions along the axis, of int64.

    Examples
    --------
    >>> mc.array.argpartition([30, 10, 20], 0)[0].compute()
    np.int64(1)
    """
    core, place = _axis(a, axis, positions=True)
    kth = _checked_places(kth, core, place, kind)
    if _long(core, place) and order is None:
        return argsort(_wrap(core), place)
    call = partial(np.argpartition, kth=kth, axis=place, kind=kind, order=order)
    return _wrap(along(call, core, place, _POSITION, "argpartition"))


def _checked_places(kth: Any, core: _core.Array, axis: int, kind: Any) -> Any:
    """Refuse places that the axis doesn't have."""
    np.partition(np.empty(1, core.dtype), 0, kind=kind)
    length = core.shape[axis]
    places = np.asarray(kth)
    if places.dtype.kind not in "iu":
        raise TypeError(f"Partition index must be integer, not {kth!r}")
    for place in places.reshape(-1).tolist():
        if core.size and not -length <= place < length:
            raise ValueError(f"kth(={place}) out of bounds ({length})")
    return places


def topk(a: Any, k: int, axis: int = -1, split_every: int | None = None) -> Array:
    """
    Give the largest elements along an axis, largest first.

    Parameters
    ----------
    a : array_like
        The elements.
    k : int
        How many are wanted; if it is negative, the smallest ``-k`` come, smallest first.
    axis : int, default -1
        Along which axis.
    split_every : int, optional
        How many chunks are merged at a time; 8 by default.

    Returns
    -------
    Array
        As long along the axis as `k` asks for, or as `a` is if that is less.

    Examples
    --------
    >>> mc.array.topk([5, 1, 3, 6], 2).compute()
    array([6, 5])
    >>> mc.array.topk([5, 1, 3, 6], -2).compute()
    array([1, 3])
    """
    return _top(a, k, axis, split_every, False)


def argtopk(a: Any, k: int, axis: int = -1, split_every: int | None = None) -> Array:
    """
    Give the positions of the largest elements along an axis, that of the largest first.

    Parameters
    ----------
    a, k, axis, split_every
        As in `topk`.

    Returns
    -------
    Array
        Positions along the axis, of int64.

    Examples
    --------
    >>> mc.array.argtopk([5, 1, 3, 6], 2).compute()
    array([3, 0])
    """
    return _top(a, k, axis, split_every, True)


def _top(a: Any, k: int, axis: int, split_every: int | None, positions: bool) -> Array:
    core = asarray(a)._core
    place = normalize_axis(axis, core.ndim)
    last = core.ndim - 1
    level = [moved(core, place, last)]
    if positions:
        index = _core.Array.iota(level[0].shape, last).rechunk(level[0].chunks)
        level.append(index)
    wanted = abs(k)
    fan = max(split_every or _FAN, 2)
    sizes: tuple[int, ...] = level[0].chunks[-1]
    groups = [(number, number + 1) for number in range(len(sizes))]
    while True:
        final = len(groups) == 1
        starts = offsets(sizes)
        spans = [(starts[first], starts[stop]) for first, stop in groups]
        sizes = tuple(min(wanted, stop - start) for start, stop in spans)
        rest = level[0].chunks[:-1]
        regions = [(*region, span) for region, span in _with_spans(rest, spans)]
        outputs = [(each.dtype, (*rest, sizes)) for each in level]
        call = partial(_top_block, k, final, positions)
        level = _core.Array.blocks(call, level, [regions] * len(level), outputs, "topk")
        if final:
            return _wrap(moved(level[-1], last, place))
        count = ceil(len(sizes) / fan)
        groups = [(fan * i, min(fan * (i + 1), len(sizes))) for i in range(count)]


def _with_spans(rest: Any, spans: list[tuple[int, int]]) -> list[tuple[Any, tuple[int, int]]]:
    return [(region, span) for region in bounds(rest) for span in spans]


def _top_block(k: int, final: bool, positions: bool, values: _Numbers, *index: _Numbers) -> Any:
    """Pick the largest or smallest of a block along the last axis; in order, in the end."""
    length = values.shape[-1]
    count = min(abs(k), length)
    if not positions:
        if 0 < count < length:
            values = np.partition(values, -count if k > 0 else count - 1)
        values = values[..., length - count :] if k > 0 else values[..., :count]
        if final:
            values = np.sort(values)
            values = values[..., ::-1] if k > 0 else values
        return values
    order = np.argsort(values, kind="stable") if final else None
    if order is None:
        order = np.argpartition(values, (-count if k > 0 else count - 1) if count else 0)
    order = order[..., length - count :] if k > 0 else order[..., :count]
    order = order[..., ::-1] if final and k > 0 else order
    return tuple(np.take_along_axis(each, order, -1) for each in (values, *index))


def searchsorted(a: Any, v: Any, side: Any = "left", sorter: Any = None) -> Array:
    """
    Find where values would have to be inserted to keep an array sorted.

    Parameters
    ----------
    a : array_like
        Sorted, of one axis.
    v : array_like
        The values.
    side : {"left", "right"}, default "left"
        Before or after elements that are equal.
    sorter : array_like of int, optional
        Positions that sort `a`.

    Returns
    -------
    Array
        Positions in `a`, of int64 and the shape of `v`.

    Examples
    --------
    >>> mc.array.searchsorted([10, 20, 30], [20, 25]).compute()
    array([1, 2])
    """
    sorted_core, values = asarray(a)._core, asarray(v)._core
    if sorted_core.ndim != 1:
        depth = "small depth" if sorted_core.ndim == 0 else "deep"
        raise ValueError(
            f"object {'of ' if sorted_core.ndim == 0 else ''}too {depth} for desired array"
        )
    np.searchsorted(
        np.empty(0, sorted_core.dtype),
        np.empty(0, values.dtype),
        side=side,
    )
    if sorter is not None:
        positions = np.asarray(sorter)
        if positions.dtype.kind not in "iu":
            raise TypeError("sorter must only contain integers")
        if positions.shape != sorted_core.shape:
            raise ValueError("sorter.size must equal a.size")
        sorted_core = sorted_core.take(positions.astype(np.int64), 0)
    # The positions in the pieces of a sorted array add up.
    call = partial(_search, side)
    found = _core.Array.full(values.shape, np.asarray(0)) if not sorted_core.size else None
    start = 0
    for length in divided(sorted_core.size, _SEARCHED // max(sorted_core.dtype.itemsize, 1)):
        piece = section(sorted_core, 0, start, start + length)
        start += length
        if not length:
            continue
        part = blocks(
            call, [piece, values], _POSITION, values.chunks, "searchsorted", ["all", "same"]
        )
        found = part if found is None else _core.Array.map("add", [found, part], _POSITION)
    assert found is not None
    return _wrap(found)


def _search(side: Any, piece: _Numbers, values: _Numbers) -> _Numbers:
    return np.asarray(np.searchsorted(piece, values, side))


def lexsort(keys: Any, axis: int = -1) -> Array:
    """
    Give the positions that sort by several keys, the last one first.

    The axis is made whole in each block, so keys of one axis are sorted in one piece.

    Parameters
    ----------
    keys : sequence of array_like, or array_like
        Of equal shape, or rows of an array.
    axis : int, default -1
        Along which axis of the keys.

    Returns
    -------
    Array
        Positions along the axis, of int64.

    Examples
    --------
    >>> mc.array.lexsort(([3, 1, 2], [0, 1, 0])).compute()
    array([2, 0, 1])
    """
    if isinstance(keys, Array):
        keys = [keys[row] for row in range(len(keys))]
    cores = [asarray(key)._core for key in keys]
    if not cores:
        raise TypeError("need sequence of keys with len > 0 in lexsort")
    shape = cores[0].shape
    if any(core.shape != shape for core in cores):
        raise ValueError("all keys need to be the same shape")
    if not shape:
        return _wrap(_core.Array.full((), np.asarray(0)))
    place = normalize_axis(axis, len(shape))
    first = whole(cores[0], [place])
    aligned = [first, *(core.rechunk(first.chunks) for core in cores[1:])]

    def call(*blocks_of_keys: _Numbers) -> _Numbers:
        return np.asarray(np.lexsort(blocks_of_keys, axis=place))

    return _wrap(blocks(call, aligned, _POSITION, first.chunks, "lexsort"))


def digitize(x: Any, bins: Any, right: bool = False) -> Array:
    """
    Tell which bin each value belongs to.

    Parameters
    ----------
    x : array_like
        The values.
    bins : array_like
        Their edges, one after the other, rising or falling; brought into memory.
    right : bool, default False
        Whether the right edge belongs to a bin, not the left one.

    Returns
    -------
    Array
        Numbers of bins, of int64; 0 and ``len(bins)`` are beyond the edges.

    Examples
    --------
    >>> mc.array.digitize([0.5, 1.5, 9.0], [0, 1, 2]).compute()
    array([1, 2, 3])
    """
    core = asarray(x)._core
    edges = np.asarray(bins)
    np.digitize(np.empty(0, core.dtype), edges, right)  # NumPy judges the types and the edges
    call = partial(np.digitize, bins=edges, right=right)

    def numbers(block: _Numbers) -> _Numbers:
        return np.asarray(call(block))

    return _wrap(_core.Array.call(numbers, [core], _POSITION, "digitize"))
