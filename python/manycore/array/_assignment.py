"""
Assignment: ``x[key] = value`` gives an array a new expression, in which a part is replaced.

Other arrays that were made of it before, views in NumPy's sense included, stay as they were.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap
from manycore.array._elementwise import broadcast_shapes, cast
from manycore.array._indexing import (
    Index,
    Mask,
    Span,
    _along,
    _bounded,
    _counts,
    bands_of,
    box_of,
    truth,
)
from manycore.array._shapes import blocks_of, whole_axes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_MISMATCH = (
    "shape mismatch: value array of shape {0} could not be broadcast to indexing result "
    "of shape {1}"
)

__all__ = ["copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask"]


def setitem(array: Array, key: Any, value: Any) -> None:
    """Replace a part of an array: ``array[key] = value``."""
    core = array._core
    index = Index(key, core.shape)
    new = _value(value, core.dtype)
    if index.is_basic:
        array._core = _put(core, index.items, new)
        return
    first, *rest = index.items
    whole = (
        all(
            isinstance(item, Span) and item == (0, 1, length)
            for item, length in zip(rest, core.shape[core.ndim - len(rest) :], strict=True)
        )
        if isinstance(first, Mask) and first.ndim
        else False
    )
    if whole:
        array._core = _put_masked(core, first.array._core, new)
    else:
        array._core = _scatter(core, index.settled(), new)


def _value(value: Any, dtype: np.dtype[Any]) -> Any:
    """Make the expression of what is assigned, of the array's type; NumPy's errors if it can't."""
    if isinstance(value, Array):
        return cast(value._core, dtype)
    if isinstance(value, list | tuple) or np.isscalar(value) or value is None:
        value = _array.asarray(value) if isinstance(value, list | tuple) else value
        if isinstance(value, Array):
            return cast(value._core, dtype)
        number = np.empty((), dtype)
        number[()] = value
        return _core.Array.full((), number)
    return cast(_array.asarray(value)._core, dtype)


def _fitted(value: Any, shape: tuple[int, ...], message: str) -> Any:
    """Leave out leading axes of length 1 that the place has not, and broadcast."""
    while value.ndim > len(shape) and value.shape[0] == 1:
        value = value.axes(list(range(1, value.ndim)))
    fits = value.ndim <= len(shape) and all(
        old in (1, new) for old, new in zip(reversed(value.shape), reversed(shape), strict=False)
    )
    if not fits:
        text = [str(lengths).replace(" ", "") for lengths in (value.shape, shape)]
        raise ValueError(message.format(*text))
    return value if value.shape == shape else value.broadcast_to(shape)


def _put(core: Any, items: Sequence[Any], value: Any) -> Any:
    """Replace a box."""
    box = box_of(items)
    shape = tuple(1 if item is None else item.length for item in items if not isinstance(item, int))
    value = _fitted(value, shape, "could not broadcast input array from shape {0} into shape {1}")
    if 0 in shape:
        return core
    # The value's axes, with those of integers and without new ones.
    axes: list[int | None] = []
    position = 0
    for item in items:
        if isinstance(item, int):
            axes.append(None)
            continue
        if item is not None:
            axes.append(position)
        position += 1
    if axes != list(range(value.ndim)):
        value = value.axes(axes)
    return core.put(box, value)


def _put_masked(core: Any, mask: Any, value: Any) -> Any:
    """Replace the elements, or what lies along the last axes, where a mask is true."""
    rest = core.shape[mask.ndim :]
    if value.ndim <= len(rest) or value.shape[: value.ndim - len(rest)] == (1,):
        # One value for all places.
        value = _fitted(
            value,
            rest if value.ndim <= len(rest) else (1, *rest),
            _MISMATCH,
        )
        if value.ndim > len(rest):
            value = value.axes(list(range(1, value.ndim)))
        spread = mask.axes([*range(mask.ndim), *(None for _ in rest)])
        return _core.Array.map("where", [spread, value, core], core.dtype)
    if core.ndim == mask.ndim > 1 and bands_of(core, 1) is None:
        flat = _put_masked(core.reshape((core.size,)), mask.reshape((mask.size,)), value)
        return flat.reshape(core.shape)
    bands = bands_of(core, core.ndim)
    if bands is None:
        raise MemoryError("a row is too long to assign to by a mask: transpose the array first")
    counts = _counts(mask, [band[: mask.ndim] for band in bands])
    total = sum(counts)
    if not rest and value.ndim == 1 and value.shape[0] != total:
        raise ValueError(
            f"NumPy boolean array indexing assignment cannot assign {value.shape[0]} input values "
            f"to the {total} output values where the mask is true"
        )
    value = _fitted(
        value,
        (total, *rest),
        _MISMATCH,
    )
    ends = np.concatenate([[0], np.cumsum(counts)]).tolist()
    tail = tuple((0, length) for length in rest)
    regions = [
        list(bands),
        [band[: mask.ndim] for band in bands],
        [((start, stop), *tail) for start, stop in pairwise(ends)],
    ]
    chunks = (tuple(stop - start for (start, stop), *_ in bands), *((n,) for n in core.shape[1:]))

    def block(old: Any, where: Any, new: Any) -> Any:
        made = old.copy()
        made[where] = new
        return made

    outputs = [(core.dtype, chunks)]
    (made,) = _core.Array.blocks(block, [core, mask, value], regions, outputs, "assign")
    return made


def _scatter(core: Any, items: Sequence[Any], value: Any) -> Any:
    """Replace elements by arrays of integers, perhaps beside other items."""
    if not core.ndim:  # there are lone booleans and new axes only
        if all(item is not False for item in items):
            shape = (1,) * (len(items) - sum(isinstance(item, bool) for item in items) + 1)
            return _fitted(value, shape, _MISMATCH).reshape(())
        return core
    # What is selected, as NumPy has it: by arrays of integers along each axis, of a few bytes.
    shape = core.shape
    key: list[Any] = []
    axis = 0
    for item in items:
        if item is None or isinstance(item, bool):
            key.append(item)
            continue
        if isinstance(item, Span):
            stop: int | None = item.start + item.step * item.length
            key.append(slice(item.start, None if stop < 0 else stop, item.step))  # type: ignore[operator]
        elif isinstance(item, int):
            key.append(item)
        else:
            key.append(_bounded(item, axis, shape[axis]))
        axis += 1
    places = []
    for axis, length in enumerate(shape):
        line = np.arange(length).reshape([-1 if each == axis else 1 for each in range(len(shape))])
        try:
            places.append(np.broadcast_to(line, shape)[tuple(key)])
        except IndexError as error:
            raise IndexError(str(error)) from None
    lengths = places[0].shape
    value = _fitted(
        value,
        lengths,
        _MISMATCH,
    )
    if 0 in lengths:
        return core
    boxes = [box for _, box in blocks_of(core.chunks)]
    numbers = dict(blocks_of(core.chunks))

    def block(old: Any, new: Any, index: tuple[int, ...]) -> Any:
        box = numbers[index]
        within = np.ones(lengths, bool)
        for place, (start, stop) in zip(places, box, strict=True):
            within &= (place >= start) & (place < stop)
        made = old.copy()
        own = tuple(place[within] - start for place, (start, _) in zip(places, box, strict=True))
        made[own] = new[within]
        return made

    (made,) = _core.Array.blocks(
        block, [core, value], [boxes, "all"], [(core.dtype, core.chunks)], "assign", index=True
    )
    return made


def put(a: Array, ind: Any, v: Any, mode: str = "raise") -> None:
    """
    Replace elements by their indices in the flattened array.

    Examples
    --------
    >>> x = mc.array.zeros((2, 2))
    >>> mc.array.put(x, [0, 3], [1, 2])
    >>> x.compute()
    array([[1., 0.],
           [0., 2.]])
    """
    flat = a.ravel()
    index = np.asarray(ind).ravel()
    if mode == "wrap":
        index = index % flat.size
    elif mode == "clip":
        index = np.clip(index, 0, flat.size - 1)
    values = np.asarray(v).ravel()
    if not index.size or not values.size:
        return
    flat[index] = np.resize(values, index.shape)
    a._core = flat._core.reshape(a.shape)


def put_along_axis(arr: Array, indices: Any, values: Any, axis: int | None) -> None:
    """
    Replace elements along an axis by indices that differ from line to line.

    Examples
    --------
    >>> x = mc.array.zeros((2, 2))
    >>> mc.array.put_along_axis(x, mc.array.asarray([[0], [1]]), 5, axis=1)
    >>> x.compute()
    array([[5., 0.],
           [0., 5.]])
    """
    if axis is None:
        flat = arr.ravel()
        put_along_axis(flat, indices, values, 0)
        arr._core = flat._core.reshape(arr.shape)
        return
    core, index, place = _along(arr, indices, axis)
    new = _value(values, core.dtype)
    lengths = broadcast_shapes([index.shape, new.shape])
    index, new = (
        each if each.shape == lengths else each.broadcast_to(lengths) for each in (index, new)
    )
    lines = whole_axes(core, (place,))
    chunks = (*lines[:place], (lengths[place],), *lines[place + 1 :])

    def block(old: Any, where: Any, what: Any) -> Any:
        made = old.copy()
        np.put_along_axis(made, where, what, place)
        return made

    inputs = [core.rechunk(lines), index.rechunk(chunks), new.rechunk(chunks)]
    (made,) = _core.Array.blocks(
        block, inputs, ["same"] * 3, [(core.dtype, lines)], "put_along_axis"
    )
    arr._core = made


def copyto(dst: Any, src: Any, casting: Any = "same_kind", where: Any = True) -> None:
    """
    Give an array another's values, where a mask says so.

    Examples
    --------
    >>> x = mc.array.zeros(3)
    >>> mc.array.copyto(x, 7, where=[True, False, True])
    >>> x.compute()
    array([7., 0., 7.])
    """
    given = _array.asarray(src)
    if not np.can_cast(given.dtype, dst.dtype, casting) and type(src) not in (int, float, complex):
        raise TypeError(
            f"Cannot cast array data from {given.dtype!r} to {dst.dtype!r} "
            f"according to the rule '{casting}'"
        )
    if isinstance(dst, np.ndarray):
        mask = where if where is True else np.asarray(where)
        np.copyto(dst, np.asarray(given), casting, mask)
        return
    value = _fitted(
        _value(src, dst.dtype),
        dst.shape,
        "could not broadcast input array from shape {0} into shape {1}",
    )
    if where is not True:
        mask = truth(_array.asarray(where))
        value = _core.Array.map("where", [mask, value, dst._core], dst.dtype)
    dst._core = value


def putmask(a: Array, /, mask: Any, values: Any) -> None:
    """
    Replace elements where a mask is true, by values of the same places.

    Examples
    --------
    >>> x = mc.array.arange(4)
    >>> mc.array.putmask(x, x > 1, [9, 8, 7, 6])
    >>> x.compute()
    array([0, 1, 7, 6])
    """
    from manycore.array._manipulation import resize

    given = _array.asarray(values)
    fitted = given if given.size == 1 else resize(given, a.shape)
    copyto(a, fitted.reshape(()) if given.size == 1 else fitted, "unsafe", where=mask)


def place(arr: Array, mask: Any, vals: Any) -> None:
    """
    Replace elements where a mask is true, by values in their order, over and over again.

    Examples
    --------
    >>> x = mc.array.zeros(4)
    >>> mc.array.place(x, [True, True, False, True], [1, 2])
    >>> x.compute()
    array([1., 2., 0., 1.])
    """
    from manycore.array._manipulation import resize

    values = _array.asarray(vals).ravel()
    where = _wrap(truth(_array.asarray(mask)))
    count = sum(_counts(where._core, bands_of(where._core, where.ndim) or ()))
    if not count:
        return
    if not values.size:
        raise ValueError("Cannot insert from an empty array!")
    arr[where] = resize(values, count)


def fill_diagonal(a: Array, val: Any, wrap: bool = False) -> None:
    """
    Replace the main diagonal.

    Examples
    --------
    >>> x = mc.array.zeros((2, 2))
    >>> mc.array.fill_diagonal(x, 5)
    >>> x.compute()
    array([[5., 0.],
           [0., 5.]])
    """
    from manycore.array._creation import diag_indices

    if a.ndim < 2:
        raise ValueError("array must be at least 2-d")
    if a.ndim > 2 and len(set(a.shape)) != 1:
        raise ValueError("All dimensions of input must be of equal length")
    if wrap and a.ndim == 2 and a.shape[0] > a.shape[1] + 1:
        put(a, np.arange(0, a.size, a.shape[1] + 1), np.asarray(val))
        return
    length = min(a.shape)
    key = tuple(np.asarray(index) for index in diag_indices(length, a.ndim))
    value = np.resize(np.asarray(val), length) if np.ndim(val) else val
    a[key] = value
