"""Arrays joined, and taken apart."""

from __future__ import annotations

import operator
from itertools import pairwise

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap
from manycore.array._elementwise import cast
from manycore.array._manipulation import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    expand_dims,
    moveaxis,
    ravel,
    slice_axis,
)
from manycore.array._shapes import normalize_axis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "append",
    "array_split",
    "block",
    "column_stack",
    "concat",
    "concatenate",
    "dsplit",
    "dstack",
    "hsplit",
    "hstack",
    "row_stack",
    "split",
    "stack",
    "unstack",
    "vsplit",
    "vstack",
]


def concatenate(
    arrays: Any, /, axis: int | None = 0, *, dtype: Any = None, casting: Any = "same_kind"
) -> Array:
    """
    Join arrays along an axis that they have.

    Examples
    --------
    >>> mc.array.concatenate([mc.array.zeros(2), mc.array.ones(1)]).compute()
    array([0., 0., 1.])
    """
    cores = [_array.asarray(array)._core for array in arrays]
    if not cores:
        raise ValueError("need at least one array to concatenate")
    if axis is None:
        cores = [core.reshape((core.size,)) for core in cores]
        axis = 0
    first = cores[0]
    if first.ndim == 0:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    axis = normalize_axis(axis, first.ndim)
    for place, core in enumerate(cores):
        if core.ndim != first.ndim:
            raise ValueError(
                "all the input arrays must have same number of dimensions, but the array at "
                f"index 0 has {first.ndim} dimension(s) and the array at index {place} has "
                f"{core.ndim} dimension(s)"
            )
        for other, (length, expected) in enumerate(zip(core.shape, first.shape, strict=True)):
            if other != axis and length != expected:
                raise ValueError(
                    "all the input array dimensions except for the concatenation axis must match "
                    f"exactly, but along dimension {other}, the array at index 0 has size "
                    f"{expected} and the array at index {place} has size {length}"
                )
    kind = np.result_type(*(core.dtype for core in cores)) if dtype is None else np.dtype(dtype)
    for core in cores:
        if not np.can_cast(core.dtype, kind, casting):
            raise TypeError(
                f"Cannot cast array data from {core.dtype!r} to {kind!r} "
                f"according to the rule '{casting}'"
            )
    cores = [cast(core, kind) for core in cores]
    return _wrap(cores[0] if len(cores) == 1 else _core.Array.concatenate(cores, axis))


def concat(arrays: Any, /, *, axis: int | None = 0) -> Array:
    """
    Join arrays along an axis that they have.

    Examples
    --------
    >>> mc.array.concat([mc.array.zeros(2), mc.array.ones(1)]).compute()
    array([0., 0., 1.])
    """
    return concatenate(arrays, axis)


def stack(arrays: Any, /, *, axis: int = 0, dtype: Any = None, casting: Any = "same_kind") -> Array:
    """
    Join arrays along a new axis.

    Examples
    --------
    >>> mc.array.stack([mc.array.zeros(2), mc.array.ones(2)], axis=1).compute()
    array([[0., 1.],
           [0., 1.]])
    """
    given = [_array.asarray(array) for array in arrays]
    if not given:
        raise ValueError("need at least one array to stack")
    if len({array.shape for array in given}) != 1:
        raise ValueError("all input arrays must have the same shape")
    axis = normalize_axis(axis, given[0].ndim + 1)
    parts = [expand_dims(array, axis) for array in given]
    return concatenate(parts, axis, dtype=dtype, casting=casting)


def vstack(tup: Any, *, dtype: Any = None, casting: Any = "same_kind") -> Array:
    """
    Join arrays below each other.

    Examples
    --------
    >>> mc.array.vstack([[1, 2], [3, 4]]).compute()
    array([[1, 2],
           [3, 4]])
    """
    parts = [atleast_2d(array) for array in tup]
    return concatenate(parts, 0, dtype=dtype, casting=casting)


row_stack = vstack


def hstack(tup: Any, *, dtype: Any = None, casting: Any = "same_kind") -> Array:
    """
    Join arrays beside each other.

    Examples
    --------
    >>> mc.array.hstack([[1, 2], [3]]).compute()
    array([1, 2, 3])
    """
    parts = [atleast_1d(array) for array in tup]
    axis = 0 if parts and parts[0].ndim == 1 else 1
    return concatenate(parts, axis, dtype=dtype, casting=casting)


def dstack(tup: Any) -> Array:
    """
    Join arrays along a third axis.

    Examples
    --------
    >>> mc.array.dstack([[1, 2], [3, 4]]).shape
    (1, 2, 2)
    """
    return concatenate([atleast_3d(array) for array in tup], 2)


def column_stack(tup: Any) -> Array:
    """
    Make a matrix of columns.

    Examples
    --------
    >>> mc.array.column_stack([[1, 2], [3, 4]]).compute()
    array([[1, 3],
           [2, 4]])
    """
    parts = [_array.asarray(array) for array in tup]
    columns = [part if part.ndim > 1 else atleast_2d(part).T for part in parts]
    return concatenate(columns, 1)


def block(arrays: Any) -> Array:
    """
    Assemble an array of nested lists of blocks.

    Examples
    --------
    >>> one = mc.array.ones((1, 1), dtype=int)
    >>> mc.array.block([[one, 2 * one], [3 * one, 4 * one]]).compute()
    array([[1, 2],
           [3, 4]])
    """
    depth = len(_first_leaf(arrays, ()))
    leaves: list[int] = []
    _dimensions(arrays, leaves)
    return _block(arrays, depth, max(depth, *leaves), 0)


def _first_leaf(nested: Any, path: tuple[int, ...]) -> tuple[int, ...]:
    """Find the way to the first block; NumPy's errors if lists aren't nested all alike."""
    if isinstance(nested, tuple):
        raise TypeError(
            f"{_path(path)} is a tuple. Only lists can be used to arrange blocks, and np.block "
            "does not allow implicit conversion from tuple to ndarray."
        )
    if not isinstance(nested, list):
        return path
    if not nested:
        raise ValueError(f"List at {_path(path)} cannot be empty")
    first, *others = (_first_leaf(each, (*path, place)) for place, each in enumerate(nested))
    for other in others:
        if len(other) != len(first):
            raise ValueError(
                f"List depths are mismatched. First element was at depth {len(first)}, but there "
                f"is an element at depth {len(other)} ({_path(other)})"
            )
    return first


def _path(path: tuple[int, ...]) -> str:
    return "arrays" + "".join(f"[{place}]" for place in path)


def _dimensions(nested: Any, found: list[int]) -> None:
    if isinstance(nested, list):
        for each in nested:
            _dimensions(each, found)
    else:
        found.append(_array.asarray(nested).ndim)


def _block(nested: Any, depth: int, result: int, level: int) -> Array:
    if isinstance(nested, list):
        parts = [_block(each, depth, result, level + 1) for each in nested]
        return concatenate(parts, result - depth + level)
    core = _array.asarray(nested)._core
    return _wrap(core.axes([None] * (result - core.ndim) + list(range(core.ndim))))


def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Array]:
    """
    Split an array into parts of nearly the same length, or before indices.

    Examples
    --------
    >>> [part.shape for part in mc.array.array_split(mc.array.arange(5), 2)]
    [(3,), (2,)]
    """
    given = _array.asarray(ary)
    core = given._core
    axis = normalize_axis(axis, core.ndim)
    total = core.shape[axis]
    if np.ndim(indices_or_sections):
        stops = [operator.index(index) for index in indices_or_sections]
        ends = [0, *(min(stop if stop >= 0 else max(stop + total, 0), total) for stop in stops)]
        ends.append(total)
        pairs = [(ends[place], ends[place + 1]) for place in range(len(ends) - 1)]
    else:
        sections = int(indices_or_sections)
        if sections <= 0:
            raise ValueError("number sections must be larger than 0.")
        each, extra = divmod(total, sections)
        starts = [place * each + min(place, extra) for place in range(sections + 1)]
        pairs = list(pairwise(starts))
    return [_wrap(slice_axis(core, axis, start, max(stop - start, 0))) for start, stop in pairs]


def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Array]:
    """
    Split an array into parts of the same length, or before indices.

    Examples
    --------
    >>> [part.compute().tolist() for part in mc.array.split(mc.array.arange(4), 2)]
    [[0, 1], [2, 3]]
    """
    given = _array.asarray(ary)
    place = normalize_axis(axis, given.ndim)
    if not np.ndim(indices_or_sections) and given.shape[place] % int(indices_or_sections):
        raise ValueError("array split does not result in an equal division")
    return array_split(given, indices_or_sections, place)


def hsplit(ary: Any, indices_or_sections: Any) -> list[Array]:
    """
    Split an array into parts beside each other.

    Examples
    --------
    >>> [part.shape for part in mc.array.hsplit(mc.array.ones((2, 4)), 2)]
    [(2, 2), (2, 2)]
    """
    given = _array.asarray(ary)
    if not given.ndim:
        raise ValueError("hsplit only works on arrays of 1 or more dimensions")
    return split(given, indices_or_sections, 1 if given.ndim > 1 else 0)


def vsplit(ary: Any, indices_or_sections: Any) -> list[Array]:
    """
    Split an array into parts below each other.

    Examples
    --------
    >>> [part.shape for part in mc.array.vsplit(mc.array.ones((2, 4)), 2)]
    [(1, 4), (1, 4)]
    """
    given = _array.asarray(ary)
    if given.ndim < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return split(given, indices_or_sections, 0)


def dsplit(ary: Any, indices_or_sections: Any) -> list[Array]:
    """
    Split an array along its third axis.

    Examples
    --------
    >>> [part.shape for part in mc.array.dsplit(mc.array.ones((1, 1, 4)), 2)]
    [(1, 1, 2), (1, 1, 2)]
    """
    given = _array.asarray(ary)
    if given.ndim < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return split(given, indices_or_sections, 2)


def unstack(x: Any, /, *, axis: int = 0) -> tuple[Array, ...]:
    """
    Take an array apart along an axis.

    Examples
    --------
    >>> [part.compute().tolist() for part in mc.array.unstack([[1, 2], [3, 4]])]
    [[1, 2], [3, 4]]
    """
    given = _array.asarray(x)
    if not given.ndim:
        raise ValueError("Input array must be at least 1-d.")
    return tuple(moveaxis(given, axis, 0))


def append(arr: Any, values: Any, axis: int | None = None) -> Array:
    """
    Join values to the end of an array.

    Examples
    --------
    >>> mc.array.append([1, 2], [3]).compute()
    array([1, 2, 3])
    """
    given, other = _array.asarray(arr), _array.asarray(values)
    if axis is None:
        return concatenate([ravel(given), ravel(other)])
    return concatenate([given, other], axis)
