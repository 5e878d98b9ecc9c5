"""What stands in the brackets of an index, made plain, with NumPy's errors."""

from __future__ import annotations

import operator
from collections import namedtuple

import numpy as np

from manycore.array import _array
from manycore.array._array import Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


INVALID = (
    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean "
    "arrays are valid indices"
)


# A slice of an axis whose length is known.
Span = namedtuple("Span", ("start", "step", "length"))


class Mask:
    """A boolean array in an index: what it selects is counted when it must be."""

    def __init__(self, array: Array) -> None:
        self.array = array
        self.ndim = array.ndim

    def places(self) -> tuple[np.ndarray[Any, Any], ...]:
        """Compute where it is true."""
        return np.asarray(self.array).nonzero()


class Index:
    """
    An index, made plain.

    Attributes
    ----------
    items : list
        For each element of the index, in order: an int, a `Span`, None, a bool, a `Mask`, or an
        array of integers, NumPy's or lazy. There is no ellipsis, and all axes are spoken for.
    is_basic : bool
        Whether there are integers, slices and new axes only.
    is_lazy : bool
        Whether something must be computed to know what is selected.
    """

    def __init__(self, key: Any, shape: tuple[int, ...]) -> None:
        self.items: list[Any] = []
        self.is_basic = True
        self.is_lazy = False
        used = 0
        place = -1
        for part in key if isinstance(key, tuple) else (key,):
            if part is Ellipsis:
                if place >= 0:
                    raise IndexError("an index can only have a single ellipsis ('...')")
                place = len(self.items)
                continue
            item = part if type(part) in (int, slice) or part is None else self._item(part)
            self.items.append(item)
            if item is not None and not isinstance(item, bool):
                used += item.ndim if isinstance(item, Mask) else 1
        if used > len(shape):
            raise IndexError(
                f"too many indices for array: array is {len(shape)}-dimensional, "
                f"but {used} were indexed"
            )
        place = len(self.items) if place < 0 else place
        self.items[place:place] = [slice(None)] * (len(shape) - used)
        self._check(shape)

    def _item(self, part: Any) -> Any:
        """Make one element of an index plain."""
        if isinstance(part, slice):
            return part
        if isinstance(part, bool | np.bool_):
            self.is_basic = False
            return bool(part)
        if not isinstance(part, Array | np.ndarray):
            try:
                return operator.index(part)
            except TypeError:
                pass
            if isinstance(part, str | bytes | float | complex | np.generic):
                raise IndexError(INVALID)
            is_empty = isinstance(part, list | tuple) and len(part) == 0
            given = np.empty(0, np.intp) if is_empty else _array_of(part)
            if given.dtype.kind not in "biu":
                if isinstance(part, list | tuple) and given.size == 0:
                    given = np.zeros(given.shape, np.intp)
                else:
                    raise IndexError(INVALID)
            part = given
        if part.ndim == 0 and part.dtype.kind in "iu" and not isinstance(part, Array):
            return int(part)
        self.is_basic = False
        if part.dtype.kind == "b":
            if part.ndim:
                self.is_lazy |= isinstance(part, Array)
                return Mask(_array.asarray(part))
            if isinstance(part, Array):
                self.is_lazy = True
                return Mask(part)
            return bool(part)
        if part.dtype.kind not in "iu":
            raise IndexError("arrays used as indices must be of integer (or boolean) type")
        self.is_lazy |= isinstance(part, Array)
        return part

    def _check(self, shape: tuple[int, ...]) -> None:
        """Hold integers and masks against the shape."""
        axis = 0
        for place, item in enumerate(self.items):
            if item is None or isinstance(item, bool):
                continue
            if isinstance(item, Mask):
                for offset, length in enumerate(item.array.shape):
                    # As in NumPy, a mask without elements fits anything.
                    if length not in (shape[axis + offset], 0):
                        raise IndexError(
                            "boolean index did not match indexed array along axis "
                            f"{axis + offset}; size of axis is {shape[axis + offset]} but size of "
                            f"corresponding boolean axis is {length}"
                        )
                axis += item.ndim
                continue
            if isinstance(item, int):
                length = shape[axis]
                if not -length <= item < length:
                    raise IndexError(
                        f"index {item} is out of bounds for axis {axis} with size {length}"
                    )
                self.items[place] = item % length
            elif isinstance(item, slice):
                start, stop, step = item.indices(shape[axis])
                count = len(range(start, stop, step))
                self.items[place] = Span(start, step, count) if count else Span(0, 1, 0)
            axis += 1

    def settled(self) -> list[Any]:
        """Compute what is lazy: masks become arrays of integers."""
        items: list[Any] = []
        for item in self.items:
            if isinstance(item, Mask):
                items.extend(item.places() if item.ndim else [bool(item.array)])
            elif isinstance(item, Array):
                items.append(np.asarray(item))
            else:
                items.append(item)
        return items

    def only_mask(self, shape: tuple[int, ...]) -> Array | None:
        """Give the mask of the first axes, if there is nothing else to the index."""
        if not self.items or not isinstance(self.items[0], Mask):
            return None
        mask, *rest = self.items
        whole = [(0, 1, length) for length in shape[mask.ndim :]]
        is_only = mask.ndim and mask.array.shape == shape[: mask.ndim] and rest == whole
        return mask.array if is_only else None

    @property
    def ndim(self) -> int:
        """The number of axes of what is selected."""
        count, most = 0, -1
        for item in self.items:
            if item is None or isinstance(item, Span):
                count += 1
            elif isinstance(item, Mask | bool):
                most = max(most, 1)
            elif not isinstance(item, int):
                most = max(most, item.ndim)
        return count + max(most, 0)


def _array_of(part: Any) -> Any:
    """Make an array of what an index brings."""
    try:
        return np.asarray(part)
    except ValueError as error:
        raise IndexError(INVALID) from error


def box_of(items: Sequence[Any]) -> list[tuple[int, int, int]]:
    """Make the box that a basic index takes: start, step and length along each axis."""
    return [(item, 1, 1) if isinstance(item, int) else item for item in items if item is not None]


def bounded(index: np.ndarray[Any, Any], axis: int, length: int) -> np.ndarray[Any, Any]:
    """Count indices from the first element; NumPy's error if one is out of bounds."""
    if index.dtype.kind == "u" and index.size and index.max() >= length:
        wrong = index[index >= length].flat[0]
        raise IndexError(f"index {wrong} is out of bounds for axis {axis} with size {length}")
    index = index.astype(np.int64, copy=False)
    low = index < 0
    if index.size and (index.min() < -length or index.max() >= length):
        wrong = index[(index < -length) | (index >= length)].flat[0]
        raise IndexError(f"index {wrong} is out of bounds for axis {axis} with size {length}")
    return np.where(low, index + length, index) if low.any() else index
