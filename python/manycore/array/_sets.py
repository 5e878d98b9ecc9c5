"""
Sets of elements: what is there at all, and what is in both, either, or one of two arrays.

How many elements such a set has is only known when it is asked for: then chunks are searched, each
by itself, for their distinct elements. If these are few, they are merged in memory; if they are
many, the array is sorted by samples, and elements that differ from the one before are kept.
"""

from __future__ import annotations

from functools import cache, partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap, _wrap_later, asarray
from manycore.array._nodes import blocks, cast, flat, offsets, section
from manycore.array._sort_samples import LONG, sample_argsort
from manycore.array._sorting import searchsorted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    _Numbers = np.ndarray[Any, Any]

__all__ = [
    "ediff1d",
    "intersect1d",
    "isin",
    "setdiff1d",
    "setxor1d",
    "union1d",
    "unique",
    "unique_all",
    "unique_counts",
    "unique_inverse",
    "unique_values",
]

_INDEX = np.dtype(np.int64)
_BOOL = np.dtype(bool)

# Distinct elements of a chunk that are merged in memory; with more of them, all are sorted.
_FEW = 8192


class UniqueAll(NamedTuple):
    """What `unique_all` gives."""

    values: Array
    indices: Array
    inverse_indices: Array
    counts: Array


class UniqueCounts(NamedTuple):
    """What `unique_counts` gives."""

    values: Array
    counts: Array


class UniqueInverse(NamedTuple):
    """What `unique_inverse` gives."""

    values: Array
    inverse_indices: Array


class _Distinct(NamedTuple):
    """The distinct elements in order, where each is first, and how often there."""

    values: _core.Array
    first: _core.Array
    counts: _core.Array


def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    """
    Find the distinct elements, in order.

    Parameters
    ----------
    ar : array_like
        The elements.
    return_index : bool, default False
        Whether to say where each one is first.
    return_inverse : bool, default False
        Whether to say which one each element is.
    return_counts : bool, default False
        Whether to say how often each one is there.
    axis : int, optional
        Find distinct slices along this axis, not elements; the array is brought into memory then.
    equal_nan : bool, default True
        Whether all NaN are one.
    sorted : bool, default True
        As in NumPy; they are in order all the same.

    Returns
    -------
    Array or tuple of Array
        The distinct elements, and what else is wanted. How many there are is counted when their
        shape is first asked for.

    Examples
    --------
    >>> values, counts = mc.array.unique([3, 1, 3], return_counts=True)
    >>> values.compute(), counts.compute()
    (array([1, 3]), array([1, 2]))
    """
    x = asarray(ar)
    wanted = (return_index, return_inverse, return_counts)
    if axis is not None:
        return _unique_slices(x, wanted, axis, equal_nan)
    found = _distinct(x, equal_nan, return_index, return_counts)
    results = [_wrap_later(lambda: found().values, x.dtype, 1)]
    if return_index:
        results.append(_wrap_later(lambda: found().first, _INDEX, 1))
    if return_inverse:
        results.append(_inverse(x, found, equal_nan))
    if return_counts:
        results.append(_wrap_later(lambda: found().counts, _INDEX, 1))
    return tuple(results) if len(results) > 1 else results[0]


def _unique_slices(x: Array, wanted: tuple[bool, ...], axis: int, equal_nan: bool) -> Any:
    find: Any = np.unique

    def call(array: _Numbers) -> Any:
        return find(array, *wanted, axis=axis, equal_nan=equal_nan)

    # NumPy judges the axis, and says what the results are like.
    like = call(np.empty((1,) * x.ndim, x.dtype))
    made = cache(lambda: call(_core.compute_arrays([x._core])[0]))
    if not any(wanted):
        return _wrap_later(lambda: _core.Array.from_numpy(made()), x.dtype, x.ndim)

    def part(place: int, one: _Numbers) -> Array:
        return _wrap_later(lambda: _core.Array.from_numpy(made()[place]), one.dtype, one.ndim)

    return tuple(part(place, one) for place, one in enumerate(like))


def unique_all(x: Any, /) -> UniqueAll:
    """
    Find the distinct elements, where and how often they are; each NaN is one by itself.

    Parameters
    ----------
    x : array_like
        The elements.

    Returns
    -------
    tuple of Array
        ``values``, ``indices``, ``inverse_indices`` and ``counts``.

    Examples
    --------
    >>> mc.array.unique_all([3, 1, 3]).inverse_indices.compute()
    array([1, 0, 1])
    """
    return UniqueAll(*unique(x, True, True, True, equal_nan=False))


def unique_counts(x: Any, /) -> UniqueCounts:
    """
    Find the distinct elements, and how often they are there; each NaN is one by itself.

    Parameters
    ----------
    x : array_like
        The elements.

    Returns
    -------
    tuple of Array
        ``values`` and ``counts``.

    Examples
    --------
    >>> mc.array.unique_counts([3, 1, 3]).counts.compute()
    array([1, 2])
    """
    return UniqueCounts(*unique(x, return_counts=True, equal_nan=False))


def unique_inverse(x: Any, /) -> UniqueInverse:
    """
    Find the distinct elements, and which of them each element is; each NaN is one by itself.

    Parameters
    ----------
    x : array_like
        The elements.

    Returns
    -------
    tuple of Array
        ``values`` and ``inverse_indices``.

    Examples
    --------
    >>> mc.array.unique_inverse([3, 1, 3]).inverse_indices.compute()
    array([1, 0, 1])
    """
    return UniqueInverse(*unique(x, return_inverse=True, equal_nan=False))


def unique_values(x: Any, /) -> Array:
    """
    Find the distinct elements, in order; each NaN is one by itself.

    Parameters
    ----------
    x : array_like
        The elements.

    Returns
    -------
    Array
        The distinct elements.

    Examples
    --------
    >>> mc.array.unique_values([3, 1, 3]).compute()
    array([1, 3])
    """
    return unique(x, equal_nan=False)  # type: ignore[no-any-return]


def _inverse(x: Array, found: Callable[[], _Distinct], equal_nan: bool) -> Array:
    """Say which distinct element each element is."""

    def make() -> _core.Array:
        place: _core.Array = searchsorted(_wrap(found().values), x)._core
        if equal_nan or x.dtype.kind not in "fc":
            return place
        # The first NaN is found for all of them; they follow each other.
        from manycore.array._scans import cumsum

        missing = _core.Array.map("isnan", [x._core], _BOOL)
        number = cumsum(_wrap(missing))._core.reshape(x.shape)
        one = _core.Array.full((), np.asarray(1))
        later = _core.Array.map("subtract", [number, one], _INDEX)
        zero = _core.Array.full((), np.asarray(0))
        later = _core.Array.map("where", [missing, later, zero], _INDEX)
        return _core.Array.map("add", [place, later], _INDEX)

    return _wrap_later(make, _INDEX, x.ndim)


def _distinct(
    x: Array, equal_nan: bool, index: bool = False, counts: bool = False
) -> Callable[[], _Distinct]:
    """Find the distinct elements, when they are first asked for; where they are, if asked to."""
    if x.dtype.kind == "V":
        raise TypeError(
            f"distinct elements of dtype {x.dtype} are found by NumPy only: "
            "np.unique(np.asarray(x))"
        )

    @cache
    def find() -> _Distinct:
        core = flat(x._core)
        if core.size < LONG or len(core.chunks[0]) == 1:
            array = _core.compute_arrays([core])[0]
            return _held(*_unique(array, index, counts, equal_nan))
        return _merged(core, equal_nan, index, counts) or _by_sorting(core, equal_nan)

    return find


def _unique(
    array: _Numbers, index: bool, counts: bool, equal_nan: bool
) -> tuple[_Numbers, _Numbers, _Numbers]:
    """Find the distinct elements of an array in memory; zeros stand for what isn't asked for."""
    find: Any = np.unique
    found = find(array, index, False, counts, equal_nan=equal_nan)
    values, *rest = found if index or counts else (found,)
    nothing = np.zeros(len(values), np.int64)
    return values, rest[0] if index else nothing, rest[-1] if counts else nothing


def _held(values: _Numbers, first: _Numbers, counts: _Numbers) -> _Distinct:
    """Make arrays of what is in memory."""
    arrays = (values, first.astype(np.int64), counts.astype(np.int64))
    return _Distinct(*map(_core.Array.from_numpy, arrays))


def _merged(core: _core.Array, equal_nan: bool, index: bool, counts: bool) -> _Distinct | None:
    """Merge the distinct elements of all chunks, unless there are too many in one."""
    rows = len(core.chunks[0])
    starts = _core.Array.iota(core.shape, 0).rechunk(core.chunks)
    ones = (1,) * rows
    outputs = [(core.dtype, (ones, (_FEW,))), (_INDEX, (ones, (2 * _FEW + 1,)))]
    edges = offsets(core.chunks[0])
    regions = [((start, stop),) for start, stop in pairwise(edges)]
    heads = [((start, min(start + 1, core.size)),) for start in edges[:-1]]
    found = _core.Array.blocks(
        partial(_of_chunk, equal_nan, index, counts),
        [core, starts],
        [regions, heads],
        outputs,
        "unique",
    )
    values, places = _core.compute_arrays(found)
    lengths = places[:, -1]
    if lengths.max() > _FEW:
        return None
    taken = np.arange(_FEW) < lengths[:, None]
    each, first = values[taken], places[:, :_FEW][taken]
    numbers = places[:, _FEW:-1][taken]
    merged, position, group = np.unique(each, True, True, equal_nan=equal_nan)
    total = np.zeros(len(merged), np.int64)
    np.add.at(total, group, numbers)
    # The first of equal elements is that of the first chunk.
    return _held(merged, first[position], total)


def _of_chunk(
    equal_nan: bool, index: bool, counts: bool, block: _Numbers, start: _Numbers
) -> tuple[_Numbers, _Numbers]:
    """Give a chunk's distinct elements in a row of fixed length, unless there are too many."""
    found, first, numbers = _unique(block, index, counts, equal_nan)
    values = np.zeros((1, _FEW), block.dtype)
    places = np.zeros((1, 2 * _FEW + 1), np.int64)
    length = len(found)
    places[0, -1] = length
    if length <= _FEW:
        values[0, :length] = found
        places[0, :length] = first + (start[0] if length else 0)
        places[0, _FEW : _FEW + length] = numbers
    return values, places


def _by_sorting(core: _core.Array, equal_nan: bool) -> _Distinct:
    """Keep what differs from the element before it, once all are in order."""
    values, positions = sample_argsort(core)
    before = section(values, 0, 0, core.size - 1)
    after = section(values, 0, 1, core.size)
    new = _core.Array.map("not_equal", [after, before], _BOOL)
    if equal_nan and core.dtype.kind in "fcmM":
        missing = _core.Array.map("isnan", [before], _BOOL)
        real = _core.Array.map("logical_not", [missing], _BOOL)
        new = _core.Array.map("logical_and", [new, real], _BOOL)
    mask = _core.Array.concatenate([_core.Array.full((1,), np.asarray(True)), new], 0)
    mask = mask.rechunk(values.chunks)
    index = _core.Array.iota(core.shape, 0).rechunk(values.chunks)
    kept, first, starts = compressed([values, positions, index], mask)
    end = _core.Array.full((1,), np.asarray(core.size))
    ends = _core.Array.concatenate([section(starts, 0, 1, starts.size), end], 0)
    return _Distinct(kept, first, _core.Array.map("subtract", [ends, starts], _INDEX))


def compressed(cores: list[_core.Array], mask: _core.Array) -> list[_core.Array]:
    """Keep the elements along the only axis where a mask is true, once they are counted."""
    chunks = mask.chunks
    ones = ((1,) * len(chunks[0]),)
    count = blocks(_count_true, [mask], _INDEX, ones, "count")
    sizes = tuple(_core.compute_arrays([count])[0].tolist())
    return [
        blocks(_compress, [core.rechunk(chunks), mask], core.dtype, (sizes,), "compress")
        for core in cores
    ]


def _count_true(mask: _Numbers) -> _Numbers:
    return np.array([np.count_nonzero(mask)])


def _compress(block: _Numbers, mask: _Numbers) -> _Numbers:
    return block[mask]


def isin(
    element: Any,
    test_elements: Any,
    assume_unique: bool = False,
    invert: bool = False,
    *,
    kind: Any = None,
) -> Array:
    """
    Tell which elements are among others.

    Parameters
    ----------
    element : array_like
        The elements.
    test_elements : array_like
        The others; they are brought into one piece of memory.
    assume_unique : bool, default False
        Whether neither has equal elements.
    invert : bool, default False
        Whether to tell which elements are not there.
    kind : {"sort", "table"}, optional
        How to search, as in NumPy.

    Returns
    -------
    Array
        Booleans, of the shape of `element`.

    Examples
    --------
    >>> mc.array.isin([1, 2, 3], [3, 1]).compute()
    array([ True, False,  True])
    """
    core, tests = asarray(element)._core, flat(asarray(test_elements)._core)
    if kind not in (None, "sort", "table"):
        raise ValueError(f"Invalid kind: '{kind}'. Please use None, 'sort' or 'table'.")
    if kind == "table" and (core.dtype.kind not in "biu" or tests.dtype.kind not in "biu"):
        raise ValueError(
            "The 'table' method is only supported for boolean or integer arrays. "
            "Please select 'sort' or None for kind."
        )

    def call(block: _Numbers, others: _Numbers) -> _Numbers:
        return np.asarray(np.isin(block, others, assume_unique, invert, kind=kind))

    return _wrap(blocks(call, [core, tests], _BOOL, core.chunks, "isin", ["same", "all"]))


def _kept(
    left: Callable[[], list[_core.Array]], right: Callable[[], _core.Array], invert: bool
) -> list[_core.Array]:
    """Keep what of the left is, or is not, in the right."""
    given = left()
    mask = isin(_wrap(given[0]), _wrap(right()), invert=invert)._core
    return compressed(given, mask)


def union1d(ar1: Any, ar2: Any) -> Array:
    """
    Find the elements that are in either of two arrays.

    Parameters
    ----------
    ar1, ar2 : array_like
        The elements.

    Returns
    -------
    Array
        The distinct elements, in order.

    Examples
    --------
    >>> mc.array.union1d([3, 1], [1, 2]).compute()
    array([1, 2, 3])
    """
    return unique(_joined(ar1, ar2))  # type: ignore[no-any-return]


def _joined(ar1: Any, ar2: Any) -> Array:
    cores = [flat(asarray(array)._core) for array in (ar1, ar2)]
    dtype = np.result_type(*(core.dtype for core in cores))
    return _wrap(_core.Array.concatenate([cast(core, dtype) for core in cores], 0))


def intersect1d(
    ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False
) -> Any:
    """
    Find the elements that are in both of two arrays.

    Parameters
    ----------
    ar1, ar2 : array_like
        The elements.
    assume_unique : bool, default False
        Whether each is known to have no equal elements; it makes no difference here.
    return_indices : bool, default False
        Whether to say where each one is first in `ar1` and in `ar2`.

    Returns
    -------
    Array or tuple of Array
        The distinct elements, in order, and their positions.

    Examples
    --------
    >>> mc.array.intersect1d([3, 1, 3], [3, 2]).compute()
    array([3])
    """
    arrays = [asarray(array) for array in (ar1, ar2)]
    dtype = np.result_type(*(array.dtype for array in arrays))
    left, right = (_distinct(array, True, return_indices) for array in arrays)

    @cache
    def common() -> list[_core.Array]:
        kept = _kept(lambda: [left().values, left().first], lambda: right().values, False)
        return [cast(kept[0], dtype), kept[1]]

    @cache
    def other() -> _core.Array:
        return _kept(lambda: [right().values, right().first], lambda: left().values, False)[1]

    values = _wrap_later(lambda: common()[0], dtype, 1)
    if not return_indices:
        return values
    return values, _wrap_later(lambda: common()[1], _INDEX, 1), _wrap_later(other, _INDEX, 1)


def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Array:
    """
    Find the elements of an array that are not in another one.

    Parameters
    ----------
    ar1, ar2 : array_like
        The elements.
    assume_unique : bool, default False
        Whether `ar1` is known to have no equal elements; they then keep their order.

    Returns
    -------
    Array
        The distinct elements, in order.

    Examples
    --------
    >>> mc.array.setdiff1d([3, 1, 3, 2], [1]).compute()
    array([2, 3])
    """
    x, y = asarray(ar1), asarray(ar2)
    distinct = _distinct(x, True)

    def left() -> list[_core.Array]:
        return [flat(x._core) if assume_unique else distinct().values]

    return _wrap_later(lambda: _kept(left, lambda: flat(y._core), True)[0], x.dtype, 1)


def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Array:
    """
    Find the elements that are in one of two arrays, but not in the other.

    Parameters
    ----------
    ar1, ar2 : array_like
        The elements.
    assume_unique : bool, default False
        Whether each is known to have no equal elements; it makes no difference here.

    Returns
    -------
    Array
        The distinct elements, in order.

    Examples
    --------
    >>> mc.array.setxor1d([3, 1], [3, 2]).compute()
    array([1, 2])
    """
    x, y = asarray(ar1), asarray(ar2)
    parts = [setdiff1d(x, y), setdiff1d(y, x)]
    dtype = np.result_type(x.dtype, y.dtype)
    return _wrap_later(lambda: unique(_joined(*parts))._core, dtype, 1)


def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Array:
    """
    Subtract from each element the one before it, all flattened.

    Parameters
    ----------
    ary : array_like
        The elements.
    to_end, to_begin : array_like, optional
        What to put after and before the differences.

    Returns
    -------
    Array
        The differences.

    Examples
    --------
    >>> mc.array.ediff1d([1, 2, 4], to_begin=0).compute()
    array([0, 1, 2])
    """
    core = flat(asarray(ary)._core)
    dtype = np.ediff1d(np.ones(2, core.dtype)).dtype
    ends = []
    for name, given in (("to_begin", to_begin), ("to_end", to_end)):
        extra = None if given is None else flat(asarray(given)._core)
        # A Python number takes the type of the elements.
        if extra is not None and not np.can_cast(extra.dtype, core.dtype, casting="same_kind"):
            raise TypeError(
                f"dtype of `{name}` must be compatible with input `ary` under the `same_kind` rule."
            )
        ends.append([] if extra is None else [cast(extra, dtype)])
    length = core.size
    between = (
        _core.Array.map(
            "subtract", [section(core, 0, 1, length), section(core, 0, 0, length - 1)], dtype
        )
        if length > 1
        else _core.Array.full((0,), np.zeros((), dtype))
    )
    return _wrap(_core.Array.concatenate([*ends[0], between, *ends[1]], 0))
