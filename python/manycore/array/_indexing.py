"""
Elements and parts of arrays.

Slices are views of expressions. Integer arrays become gathers. What a boolean mask selects has a
shape that only counting tells: the mask is computed and counted, chunk by chunk, when the result's
shape is first asked for, by any operation on it; its elements are selected chunk by chunk as well.
Lazy integer indices are likewise computed when the result is first used.
"""

from __future__ import annotations

import math

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap, _wrap_later
from manycore.array._elementwise import broadcast_shapes
from manycore.array._keys import INVALID, Index, Span, bounded, box_of
from manycore.array._masks import masked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


__all__ = []


def getitem(array: Array, key: Any) -> Array:
    """Select a part of an array: ``array[key]``."""
    core = array._core
    shape = core.shape
    if type(key) is slice and len(shape) == 1:  # what is asked for most, without a detour
        start, stop, step = key.indices(shape[0])
        length = len(range(start, stop, step))
        return _wrap(core.slice([(start, step, length)] if length else [(0, 1, 0)]))
    index = Index(key, shape)
    if index.is_basic:
        return _wrap(basic(core, index.items))
    mask = index.only_mask(core.shape)
    if mask is not None:
        if index.is_lazy:
            return _wrap_later(lambda: masked(core, mask._core), core.dtype, index.ndim)
        return _wrap(masked(core, mask._core))
    if index.is_lazy:
        return _wrap_later(lambda: _gather(core, index.settled()), core.dtype, index.ndim)
    return _wrap(_gather(core, index.settled()))


def basic(core: Any, items: Sequence[Any]) -> Any:
    """Select by integers, slices and new axes."""
    box = box_of(items)
    if any(part != (0, 1, length) for part, length in zip(box, core.shape, strict=True)):
        core = core.slice(box)
    axis = 0
    axes: list[int | None] = []
    for item in items:
        if item is None:
            axes.append(None)
            continue
        if not isinstance(item, int):
            axes.append(axis)
        axis += 1
    return core if axes == list(range(core.ndim)) else core.axes(axes)


class Gather:
    """
    How arrays of integers, perhaps beside other items, select.

    Attributes
    ----------
    core : core array
        The array, with a new axis for each lone boolean of the index, which is then an array too.
    lone : list of int
        These axes.
    box : list of tuple of int
        What integers and slices take of each axis, and all of the others.
    arrays : dict
        By axis, arrays of integers that are not negative.
    lengths : tuple of int
        The shape of these together.
    kept : list of int
        The axes of slices.
    order : list of int or None
        The result's axes, among those of `lengths` and, behind them, those that are kept; None for
        a new one. The axes of `lengths` stand where the arrays stood, if these stood together,
        else, or if ``first``, before all others, as NumPy has it.
    """

    def __init__(self, core: Any, items: Sequence[Any], first: bool = False) -> None:
        self.lone = []
        if any(isinstance(item, bool) for item in items):
            axes: list[int | None] = []
            plain: list[Any] = []
            old = iter(range(core.ndim))
            for item in items:
                is_lone = isinstance(item, bool)
                if is_lone:
                    self.lone.append(len(axes))
                if item is not None:
                    axes.append(None if is_lone else next(old))
                plain.append(np.zeros(1 if item else 0, np.int64) if is_lone else item)
            core, items = core.axes(axes), plain
        self.core = core
        self.arrays: dict[int, np.ndarray[Any, Any]] = {}
        self.box: list[tuple[int, int, int]] = []
        labels: list[Any] = []  # of the items: None, an axis, or "gathered"
        for item in items:
            axis = len(self.box)
            if item is None:
                labels.append(None)
            elif isinstance(item, Span):
                labels.append(axis)
                self.box.append(item)
            else:
                labels.append("gathered")
                self._take(axis, item)
        try:
            self.lengths = broadcast_shapes([array.shape for array in self.arrays.values()])
        except ValueError:
            shapes = (str(array.shape).replace(" ", "") for array in self.arrays.values())
            raise IndexError(
                "shape mismatch: indexing arrays could not be broadcast together with shapes "
                f"{' '.join(shapes)} "
            ) from None
        self.kept = [axis for axis in labels if isinstance(axis, int)]
        self.order = self._order(labels, first)

    def _take(self, axis: int, item: Any) -> None:
        length = self.core.shape[axis]
        if isinstance(item, int):
            self.box.append((item, 1, 1))
            return
        self.arrays[axis] = bounded(item, axis, length) if item.size else item.astype(np.int64)
        self.box.append((0, 1, length))

    def _order(self, labels: list[Any], first: bool) -> list[int | None]:
        ndim = len(self.lengths)
        found = [place for place, label in enumerate(labels) if label == "gathered"]
        together = found == list(range(found[0], found[0] + len(found))) and not first
        order: list[int | None] = [] if together else [*range(ndim)]
        position = ndim
        for place, label in enumerate(labels):
            if label is None:
                order.append(None)
            elif label == "gathered":
                if together and place == found[0]:
                    order.extend(range(ndim))
            else:
                order.append(position)
                position += 1
        return order

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of what is selected."""
        lengths = [*self.lengths, *(self.box[axis][2] for axis in self.kept)]
        return tuple(1 if place is None else lengths[place] for place in self.order)


def _gather(core: Any, items: Sequence[Any], first: bool = False) -> Any:
    """Select by arrays of integers, perhaps beside other items."""
    how = Gather(core, items, first)
    core = how.core
    if any(part != (0, 1, length) for part, length in zip(how.box, core.shape, strict=True)):
        core = core.slice(how.box)
    core = _taken(core, how.arrays, how.lengths, how.kept)
    return core if how.order == list(range(core.ndim)) else core.axes(how.order)


def _taken(
    core: Any,
    arrays: dict[int, np.ndarray[Any, Any]],
    lengths: tuple[int, ...],
    kept: list[int],
) -> Any:
    """Take elements along some axes; the axes that this makes come first, then those kept."""
    shape = core.shape
    rest = tuple(shape[axis] for axis in kept)
    if 0 in lengths:
        return _core.Array.full(lengths + rest, np.zeros((), core.dtype))
    if len(arrays) == 1:
        ((axis, array),) = arrays.items()
        core = core.take(np.ascontiguousarray(array.reshape(-1)), axis).axes([axis, *kept])
        return core if array.ndim == 1 else core.reshape(lengths + rest)
    spread = {
        axis: array.reshape((1,) * (len(lengths) - array.ndim) + array.shape)
        for axis, array in arrays.items()
    }
    long = [
        [place for place, length in enumerate(array.shape) if length > 1]
        for array in spread.values()
    ]
    flat = [place for places in long for place in places]
    if all(len(places) <= 1 for places in long) and len(set(flat)) == len(flat):
        # An open mesh, as `ix_` makes it: one axis after the other.
        order: list[int | None] = [None] * len(lengths)
        for (axis, array), places in zip(spread.items(), long, strict=True):
            core = core.take(np.ascontiguousarray(array.reshape(-1)), axis)
            if places:
                order[places[0]] = axis
        return core.axes([*order, *kept])
    axes = list(arrays)
    sizes = tuple(shape[axis] for axis in axes)
    core = core.axes([*axes, *kept]).reshape((math.prod(sizes), *rest))
    index = np.ravel_multi_index(tuple(np.broadcast_arrays(*spread.values())), sizes)
    return core.take(index.reshape(-1).astype(np.int64, copy=False), 0).reshape(lengths + rest)


class PointwiseIndexer:
    """What ``x.vindex`` is: arrays in an index go together, point by point."""

    def __init__(self, array: Array) -> None:
        self._array = array

    def __getitem__(self, key: Any) -> Array:
        core = self._array._core
        index = Index(key, core.shape)
        if index.is_basic:
            return _wrap(basic(core, index.items))

        def make() -> Any:
            return _gather(core, index.settled(), first=True)

        if index.is_lazy:
            return _wrap_later(make, core.dtype, index.ndim)
        return _wrap(make())


class BlockIndexer:
    """What ``x.blocks`` is: an index of whole chunks."""

    def __init__(self, array: Array) -> None:
        self._array = array

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of chunks along each axis."""
        return self._array.numblocks

    @property
    def size(self) -> int:
        """The number of chunks."""
        return math.prod(self.shape)

    def __getitem__(self, key: Any) -> Array:
        core = self._array._core
        parts = key if isinstance(key, tuple) else (key,)
        if any(part is None for part in parts):
            raise IndexError("a new axis has no chunks: index the array itself with None")
        index = Index(key, core.numblocks)
        if any(isinstance(item, bool) for item in index.items):
            raise IndexError(INVALID)
        grid = []
        chunks = core.chunks
        for axis, item in enumerate(index.settled()):
            lengths = chunks[axis]
            numbers = np.arange(len(lengths), dtype=np.int64)
            if isinstance(item, Span):
                chosen = item.start + item.step * numbers[: item.length]
            else:
                chosen = np.atleast_1d(bounded(np.asarray(item), axis, len(lengths)))
            ends = np.concatenate([[0], np.cumsum(lengths)])
            grid.append(tuple(lengths[number] for number in chosen))
            rows = [np.arange(ends[number], ends[number + 1]) for number in chosen]
            places = np.concatenate(rows) if rows else np.empty(0, np.int64)
            count = len(places)
            if count == 0:
                grid[-1] = (0,)
            if count and places[-1] - places[0] == count - 1 and np.all(np.diff(places) == 1):
                box = [(0, 1, length) for length in core.shape]
                box[axis] = (int(places[0]), 1, count)
                core = core.slice(box)
            else:
                core = core.take(places.astype(np.int64), axis)
        return _wrap(core.rechunk(tuple(grid)))

    def ravel(self) -> list[Array]:
        """Give all chunks, in C order."""
        return [self[index] for index in np.ndindex(*self.shape)]
