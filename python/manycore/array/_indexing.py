"""
Elements and parts of arrays.

Slices are views of expressions. Integer arrays become gathers. What a boolean mask selects has a
shape that only counting tells: the mask is computed and counted, chunk by chunk, when the result's
shape is first asked for, by any operation on it; its elements are selected chunk by chunk as well.
Lazy integer indices are likewise computed when the result is first used.
"""

from __future__ import annotations

import math
import operator
from collections import namedtuple

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap, _wrap_later
from manycore.array._elementwise import broadcast_shapes, cast, elementwise
from manycore.array._shapes import (
    blocks_of,
    normalize_axis,
    normalize_shape,
    split,
    whole_axes,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    _Regions = list[tuple[tuple[int, int], ...]]

__all__ = [
    "argwhere",
    "choose",
    "compress",
    "extract",
    "flatnonzero",
    "ix_",
    "nonzero",
    "ravel_multi_index",
    "select",
    "take",
    "take_along_axis",
    "unravel_index",
    "where",
]

_INVALID = (
    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean "
    "arrays are valid indices"
)

# Bytes of a band of an array, from which a mask selects.
_BAND = 128 << 20


if TYPE_CHECKING:
    from typing import NamedTuple

    class Span(NamedTuple):
        """A slice of an axis whose length is known."""

        start: int
        step: int
        length: int

else:  # `typing` is not for run time
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
                raise IndexError(_INVALID)
            is_empty = isinstance(part, list | tuple) and len(part) == 0
            given = np.empty(0, np.intp) if is_empty else _array_of(part)
            if given.dtype.kind not in "biu":
                if isinstance(part, list | tuple) and given.size == 0:
                    given = np.zeros(given.shape, np.intp)
                else:
                    raise IndexError(_INVALID)
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
                    if length != shape[axis + offset]:
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
        raise IndexError(_INVALID) from error


def getitem(array: Array, key: Any) -> Array:
    """Select a part of an array: ``array[key]``."""
    core = array._core
    index = Index(key, core.shape)
    if index.is_basic:
        return _wrap(basic(core, index.items))
    items = index.items
    first = items[0] if items else None
    rest = items[1:]
    if (
        isinstance(first, Mask)
        and first.ndim
        and all(_is_whole(*pair) for pair in zip(rest, core.shape[first.ndim :], strict=False))
        and len(rest) == core.ndim - first.ndim
    ):
        mask = first.array
        if index.is_lazy:
            return _wrap_later(lambda: _masked(core, mask._core), core.dtype, index.ndim)
        return _wrap(_masked(core, mask._core))
    if index.is_lazy:
        return _wrap_later(lambda: _gather(core, index.settled()), core.dtype, index.ndim)
    return _wrap(_gather(core, index.settled()))


def _is_whole(item: Any, length: int) -> bool:
    """Tell whether an item of an index takes all of an axis, in order."""
    return isinstance(item, Span) and item == (0, 1, length)


def box_of(items: Sequence[Any]) -> list[tuple[int, int, int]]:
    """Make the box that a basic index takes: start, step and length along each axis."""
    return [(item, 1, 1) if isinstance(item, int) else item for item in items if item is not None]


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


def _bounded(index: np.ndarray[Any, Any], axis: int, length: int) -> np.ndarray[Any, Any]:
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


def _gather(core: Any, items: Sequence[Any], first: bool = False) -> Any:
    """
    Select by arrays of integers, perhaps beside other items.

    The axes that they make stand where the arrays stood, if these stood together, else, or if
    ``first``, before all others, as NumPy has it.
    """
    # Lone booleans are arrays of integers along a new axis.
    if any(isinstance(item, bool) for item in items):
        axes: list[int | None] = []
        axis = 0
        plain: list[Any] = []
        for item in items:
            if isinstance(item, bool):
                axes.append(None)
                plain.append(np.zeros(1 if item else 0, np.int64))
                continue
            plain.append(item)
            if item is not None:
                axes.append(axis)
                axis += 1
        core, items = core.axes(axes), plain
    arrays: dict[int, np.ndarray[Any, Any]] = {}
    box: list[tuple[int, int, int]] = []
    labels: list[Any] = []  # of the result's axes: None, an axis, or "gathered" for each array
    for item in items:
        if item is None:
            labels.append(None)
            continue
        axis = len(box)
        length = core.shape[axis]
        if isinstance(item, Span):
            labels.append(axis)
            box.append(item)
            continue
        labels.append("gathered")
        if isinstance(item, int):
            box.append((item, 1, 1))
            continue
        arrays[axis] = _bounded(item, axis, length) if item.size else item.astype(np.int64)
        box.append((0, 1, length))
    try:
        lengths = broadcast_shapes([array.shape for array in arrays.values()])
    except ValueError:
        text = " ".join(str(array.shape).replace(" ", "") for array in arrays.values())
        raise IndexError(
            f"shape mismatch: indexing arrays could not be broadcast together with shapes {text} "
        ) from None
    if any(part != (0, 1, length) for part, length in zip(box, core.shape, strict=True)):
        core = core.slice(box)
    sliced = [axis for axis in labels if isinstance(axis, int)]
    core = _taken(core, arrays, lengths, sliced)
    # Now the gathered axes come first, then those that were sliced, in order.
    ndim = len(lengths)
    made = list(range(ndim))
    found = [place for place, label in enumerate(labels) if label == "gathered"]
    together = found == list(range(found[0], found[0] + len(found))) and not first
    order: list[int | None] = [] if together else [*made]
    position = ndim
    for place, label in enumerate(labels):
        if label is None:
            order.append(None)
        elif label == "gathered":
            if together and place == found[0]:
                order.extend(made)
        else:
            order.append(position)
            position += 1
    return core if order == list(range(core.ndim)) else core.axes(order)


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


def bands_of(core: Any, ndim: int) -> tuple[tuple[tuple[int, int], ...], ...] | None:
    """
    Cut an array into bands of rows, which follow each other in C order; None if rows are too long.

    Returns
    -------
    tuple of tuples of pairs of int
        Start and stop of each band along the first `ndim` axes, of which the first alone is cut.
    """
    shape = core.shape
    row = math.prod(shape[1:]) * core.dtype.itemsize
    if row > _BAND:
        return None
    most = max(_BAND // max(row, 1), 1)
    lengths: list[int] = []
    for length in core.chunks[0]:
        lengths.extend(split(length, most))
    rest = tuple((0, length) for length in shape[1:ndim])
    return tuple((box[0], *rest) for _, box in blocks_of((tuple(lengths),)))


def _counts(mask: Any, bands: Sequence[tuple[tuple[int, int], ...]]) -> list[int]:
    """Count, at once, what a mask selects in each band."""

    def count(block: Any) -> Any:
        return np.array([np.count_nonzero(block)], np.int64)

    chunks = ((1,) * len(bands),)
    regions = [band[: mask.ndim] for band in bands]
    (counts,) = _core.Array.blocks(
        count, [mask], [regions], [(np.dtype(np.int64), chunks)], "count"
    )
    found: list[int] = _core.compute_arrays([counts])[0].tolist()
    return found


def _by_bands(
    function: Callable[..., Any],
    inputs: list[Any],
    mask: Any,
    outputs: Sequence[tuple[Any, tuple[int, ...]]],
    name: str,
) -> list[Any]:
    """
    Make arrays, one below the other, of what a function gives for each band of some inputs.

    The last of the inputs is the mask that tells how long each piece is. Outputs are dtypes, with
    the lengths of the axes that follow the first one. The function's last argument is the first
    row of its band.
    """
    reference = max(inputs, key=lambda core: core.ndim * core.dtype.itemsize)
    bands = bands_of(reference, reference.ndim)
    if bands is None:  # rows are too long: cut the row itself
        raise MemoryError(
            f"a row of shape {reference.shape[1:]} is more than {_BAND >> 20} MiB: "
            "select from the raveled array and mask, or transpose first"
        )
    kept = [(band, count) for band, count in zip(bands, _counts(mask, bands), strict=True) if count]
    if not kept:
        return [_core.Array.full((0, *rest), np.zeros((), kind)) for kind, rest in outputs]
    starts = [band[0][0] for band, _ in kept]
    lengths = tuple(count for _, count in kept)
    declared = [(kind, (lengths, *((size,) for size in rest))) for kind, rest in outputs]
    regions = [[band[: core.ndim] for band, _ in kept] for core in inputs]

    def block(*given: Any) -> Any:
        return function(*given[:-1], starts[given[-1][0]])

    made: list[Any] = _core.Array.blocks(block, inputs, regions, declared, name, index=True)
    return made


def _masked(core: Any, mask: Any) -> Any:
    """Select the elements, or what lies along the last axes, where a mask is true."""
    if core.ndim == mask.ndim > 1 and bands_of(core, 1) is None:
        core, mask = core.reshape((core.size,)), mask.reshape((mask.size,))

    def select(block: Any, where: Any, _: int) -> Any:
        return block[where]

    rest = core.shape[mask.ndim :]
    return _by_bands(select, [core, mask], mask, [(core.dtype, rest)], "mask")[0]


def nonzero(a: Any, /) -> tuple[Array, ...]:
    """
    Give the indices of elements that aren't zero, along each axis.

    They are counted when the shape of one of the results is first asked for.

    Examples
    --------
    >>> (places,) = mc.array.nonzero([3, 0, 4])
    >>> places.compute()
    array([0, 2])
    """
    given = _array.asarray(a)
    if not given.ndim:
        raise ValueError(
            "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() "
            "instead. If the context of this error is of the form `arr[nonzero(cond)]`, just use "
            "`arr[cond]`."
        )
    integer = np.dtype(np.int64)
    found: list[Any] = []

    def make() -> list[Any]:
        if not found:
            mask = truth(given)

            def places(block: Any, row: int) -> Any:
                first, *rest = block.nonzero()
                return (first + row, *rest) if rest else first + row

            found.extend(_by_bands(places, [mask], mask, [(integer, ())] * given.ndim, "nonzero"))
        return found

    def along(axis: int) -> Array:
        return _wrap_later(lambda: make()[axis], integer, 1)

    return tuple(along(axis) for axis in range(given.ndim))


def truth(array: Array) -> Any:
    """Make the expression of whether elements are true."""
    core = array._core
    return core if core.dtype == np.bool_ else cast(core, np.dtype(bool))


def argwhere(a: Any) -> Array:
    """
    Give the indices of elements that aren't zero, one below the other.

    Examples
    --------
    >>> mc.array.argwhere([[3, 0], [0, 4]]).compute()
    array([[0, 0],
           [1, 1]])
    """
    given = _array.asarray(a)
    count = given.ndim
    integer = np.dtype(np.int64)
    if not count:
        return _wrap_later(lambda: _core.Array.full((int(bool(given)), 0), np.array(0)), integer, 2)

    def places(block: Any, row: int) -> Any:
        found = np.argwhere(block)
        found[:, 0] += row
        return found

    def make() -> Any:
        mask = truth(given)
        return _by_bands(places, [mask], mask, [(integer, (count,))], "argwhere")[0]

    return _wrap_later(make, integer, 2)


def flatnonzero(a: Any) -> Array:
    """
    Give the indices, in the flattened array, of elements that aren't zero.

    Examples
    --------
    >>> mc.array.flatnonzero([[3, 0], [0, 4]]).compute()
    array([0, 3])
    """
    return nonzero(_array.asarray(a).ravel())[0]


def where(condition: Any, x: Any = None, y: Any = None, /) -> Any:
    """
    Choose elements of two arrays; or tell where a condition holds, as `nonzero`.

    Parameters
    ----------
    condition : array_like of bool
        Where to take elements of `x`; elsewhere those of `y` are taken.
    x, y : array_like, optional
        Both or none.

    Returns
    -------
    Array or tuple of Array
        The elements; the indices if `x` and `y` are left out.

    Examples
    --------
    >>> x = mc.array.arange(4)
    >>> mc.array.where(x > 1, x, 0).compute()
    array([0, 0, 2, 3])
    """
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("either both or neither of x and y should be given")
    mask = truth(_array.asarray(condition))
    kinds, values = [], []
    for value in (x, y):
        if type(value) in (int, float, complex):
            kinds.append(value)
            values.append(value)
        else:
            core = _array.asarray(value)._core
            kinds.append(core.dtype)
            values.append(core)
    kind = np.result_type(*kinds)
    cores = [
        _core.Array.full((), np.array(value, kind))
        if type(value) in (int, float, complex)
        else cast(value, kind)
        for value in values
    ]
    broadcast_shapes([mask.shape, *(core.shape for core in cores)])
    return _wrap(_core.Array.map("where", [mask, *cores], kind))


def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Array:
    """
    Choose elements by the first of several conditions that holds.

    Examples
    --------
    >>> x = mc.array.arange(5)
    >>> mc.array.select([x < 2, x > 3], [x, 10 * x], -1).compute()
    array([ 0,  1, -1, -1, 40])
    """
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    conditions = [_array.asarray(condition) for condition in condlist]
    for place, condition in enumerate(conditions):
        if condition.dtype != np.bool_:
            raise TypeError(f"invalid entry {place} in condlist: should be boolean ndarray")
    choices = [*choicelist, default]
    weak = [type(choice) in (int, float, complex) for choice in choices]
    given = [
        choice if is_weak else _array.asarray(choice)
        for choice, is_weak in zip(choices, weak, strict=True)
    ]
    kind = np.result_type(
        *(choice if is_weak else choice.dtype for choice, is_weak in zip(given, weak, strict=True))
    )
    made = _array.asarray(np.array(default, kind) if weak[-1] else given[-1]).astype(kind)
    for condition, choice in zip(reversed(conditions), reversed(given[:-1]), strict=True):
        value = np.array(choice, kind) if type(choice) in (int, float, complex) else choice
        made = where(condition, value, made)
    return made


def choose(a: Any, choices: Any, out: Any = None, mode: str = "raise") -> Array:
    """
    Choose elements of several arrays by an array of their numbers.

    Examples
    --------
    >>> mc.array.choose([0, 1, 0], [[1, 2, 3], [10, 20, 30]]).compute()
    array([ 1, 20,  3])
    """
    index = _array.asarray(a)
    if not np.can_cast(index.dtype, np.intp, "same_kind"):
        raise TypeError(
            f"Cannot cast array data from {index.dtype!r} to dtype('int64') according to the rule "
            "'safe'"
        )
    options = [_array.asarray(choice)._core for choice in choices]
    kind = np.result_type(*(core.dtype for core in options))
    cores = [cast(index._core, np.dtype(np.intp)), *(cast(core, kind) for core in options)]
    broadcast_shapes([core.shape for core in cores])

    def block(index: Any, *options: Any) -> Any:
        return np.asarray(np.choose(index, [*options], mode=mode))  # type: ignore[call-overload]

    made = _wrap(_core.Array.call(block, cores, kind, "choose"))
    return made if out is None else assign_out(made, out)


def assign_out(array: Array, out: Any) -> Any:
    """Give ``out`` an array's values, as ufuncs do."""
    return elementwise(np.positive, array, out=out, casting="unsafe")


def _indices(indices: Any) -> Any:
    """Make an array of what `take` is given: NumPy's, or lazy."""
    if isinstance(indices, Array):
        given: Any = indices
    else:
        given = np.asarray(indices)
        if given.size == 0 and not isinstance(indices, np.ndarray):
            given = given.astype(np.intp)
    if not np.can_cast(given.dtype, np.intp, "same_kind"):
        raise TypeError(
            f"Cannot cast array data from {given.dtype!r} to dtype('int64') according to the rule "
            "'safe'"
        )
    return given


def take(
    a: Any, indices: Any, /, axis: int | None = None, out: Any = None, mode: str = "raise"
) -> Array:
    """
    Take elements along an axis.

    Parameters
    ----------
    a : array_like
        The array.
    indices : array_like of int
        Which; lazy ones are computed when the result is first used.
    axis : int, optional
        Along which axis; the array is flattened by default.
    out : Array, optional
        What gets the result.
    mode : {"raise", "wrap", "clip"}, default "raise"
        What to do with indices that are out of bounds.

    Returns
    -------
    Array
        Lazy; the axes of `indices` stand where the axis was.

    Examples
    --------
    >>> mc.array.take([10, 20, 30], [2, 0]).compute()
    array([30, 10])
    """
    given = _array.asarray(a)
    if axis is None:
        given = given.ravel()
        axis = 0
    axis = normalize_axis(axis, given.ndim)
    index = _indices(indices)
    if mode not in ("raise", "wrap", "clip"):
        raise ValueError(f"clipmode must be one of 'clip', 'raise', or 'wrap' (got '{mode}')")
    core = given._core
    length = core.shape[axis]

    def make() -> Any:
        places = np.asarray(index)
        if mode == "raise" or not length:
            if not length and places.size:
                raise IndexError("cannot do a non-empty take from an empty axes.")
            places = _bounded(places, axis, length)
        elif mode == "wrap":
            places = places.astype(np.int64) % length
        else:
            places = np.clip(places, 0, length - 1).astype(np.int64)
        shape = (*core.shape[:axis], *places.shape, *core.shape[axis + 1 :])
        if places.ndim == 0:
            lead = list(range(axis))
            part = core.slice(
                [
                    (int(places), 1, 1) if each == axis else (0, 1, size)
                    for each, size in enumerate(core.shape)
                ]
            )
            return part.axes([*lead, *range(axis + 1, core.ndim)])
        taken = core.take(np.ascontiguousarray(places.reshape(-1)), axis)
        return taken if places.ndim == 1 else taken.reshape(shape)

    if isinstance(index, Array):
        made = _wrap_later(make, core.dtype, core.ndim - 1 + index.ndim)
    else:
        made = _wrap(make())
    return made if out is None else assign_out(made, out)


def _along(arr: Any, indices: Any, axis: int | None) -> tuple[Any, Any, int]:
    """Make array and indices of `take_along_axis` alike but along the axis."""
    given, index = _array.asarray(arr), _array.asarray(indices)
    if index.dtype.kind not in "iu":
        raise IndexError("`indices` must be an integer array")
    if axis is None:
        if index.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        given = given.ravel()
        axis = 0
    axis = normalize_axis(axis, given.ndim)
    if given.ndim != index.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    shapes = [
        tuple(1 if place == axis else length for place, length in enumerate(each.shape))
        for each in (given, index)
    ]
    try:
        common = broadcast_shapes(shapes)
    except ValueError as error:
        raise IndexError(
            "shape mismatch: indexing arrays could not be broadcast together with shapes "
            f"{given.shape} {index.shape}"
        ) from error
    cores = []
    for core in (given._core, index._core):
        lengths = (*common[:axis], core.shape[axis], *common[axis + 1 :])
        cores.append(core if core.shape == lengths else core.broadcast_to(lengths))
    return cores[0], cores[1], axis


def take_along_axis(arr: Any, indices: Any, /, axis: int | None = -1) -> Array:
    """
    Take elements along an axis by indices that differ from line to line, as `argsort` gives them.

    Indices out of bounds are found when they are computed.

    Examples
    --------
    >>> x = mc.array.asarray([[3, 1], [2, 4]])
    >>> mc.array.take_along_axis(x, [[1, 0], [0, 1]], axis=1).compute()
    array([[1, 3],
           [2, 4]])
    """
    core, index, axis = _along(arr, indices, axis)
    lines = whole_axes(core, (axis,))
    chunks = (*lines[:axis], (index.shape[axis],), *lines[axis + 1 :])

    def block(values: Any, places: Any) -> Any:
        return np.take_along_axis(values, places, axis)

    inputs = [core.rechunk(lines), index.rechunk(chunks)]
    (made,) = _core.Array.blocks(
        block, inputs, ["same", "same"], [(core.dtype, chunks)], "take_along_axis"
    )
    return _wrap(made)


def compress(condition: Any, a: Any, axis: int | None = None, out: Any = None) -> Array:
    """
    Select what lies along an axis by a condition of its indices.

    Examples
    --------
    >>> mc.array.compress([False, True], [[1, 2], [3, 4]], axis=0).compute()
    array([[3, 4]])
    """
    mask = _array.asarray(condition)
    if mask.ndim != 1:
        raise ValueError("condition must be a 1-d array")
    return take(a, flatnonzero(mask), axis, out)


def extract(condition: Any, arr: Any) -> Array:
    """
    Select the elements for which a condition holds.

    Examples
    --------
    >>> x = mc.array.arange(4)
    >>> mc.array.extract(x % 2 == 0, x).compute()
    array([0, 2])
    """
    given, mask = _array.asarray(arr), _array.asarray(condition)
    if mask.shape == given.shape and mask.ndim:
        return getitem(given, _wrap(truth(mask)))
    return take(given, flatnonzero(mask))


def ix_(*args: Any) -> tuple[np.ndarray[Any, Any], ...]:
    """
    Make an open mesh of indices along each axis; lazy ones are computed.

    Examples
    --------
    >>> x = mc.array.arange(9).reshape(3, 3)
    >>> x[mc.array.ix_([0, 2], [0, 1])].compute()
    array([[0, 1],
           [6, 7]])
    """
    return np.ix_(*(np.asarray(arg) for arg in args))


def unravel_index(indices: Any, shape: Any, order: str = "C") -> tuple[Array, ...]:
    """
    Give the indices along each axis of indices in the flattened array.

    Indices out of bounds are not looked for.

    Examples
    --------
    >>> [index.compute().tolist() for index in mc.array.unravel_index([5, 2], (2, 3))]
    [[1, 0], [2, 2]]
    """
    rest = _array.asarray(indices)
    if rest.dtype.kind not in "iu":
        raise TypeError("only int indices permitted")
    lengths = normalize_shape(shape)
    found: list[Array] = []
    for length in lengths if order == "F" else reversed(lengths):
        found.append(rest % length)
        rest = rest // length
    return tuple(found if order == "F" else reversed(found))


def ravel_multi_index(multi_index: Any, dims: Any, mode: Any = "raise", order: str = "C") -> Array:
    """
    Give the indices in the flattened array of indices along each axis.

    Indices out of bounds are only looked for if `mode` is ``"wrap"`` or ``"clip"``.

    Examples
    --------
    >>> mc.array.ravel_multi_index(([1, 0], [2, 2]), (2, 3)).compute()
    array([5, 2])
    """
    lengths = normalize_shape(dims)
    modes = (mode,) * len(lengths) if isinstance(mode, str) else tuple(mode)
    parts = [_array.asarray(part) for part in multi_index]
    if len(parts) != len(lengths) or len(modes) != len(lengths):
        raise ValueError(f"parameter multi_index must be a sequence of length {len(lengths)}")
    made: Any = 0
    triples = list(zip(parts, lengths, modes, strict=True))
    for part, length, how in reversed(triples) if order == "F" else triples:
        if part.dtype.kind not in "iu":
            raise TypeError("only int indices permitted")
        if how == "wrap":
            part = part % length
        elif how == "clip":
            part = elementwise(np.minimum, elementwise(np.maximum, part, 0), length - 1)
        made = made * length + part.astype(np.int64)
    return made  # type: ignore[no-any-return]


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
            raise IndexError(_INVALID)
        grid = []
        chunks = core.chunks
        for axis, item in enumerate(index.settled()):
            lengths = chunks[axis]
            numbers = np.arange(len(lengths), dtype=np.int64)
            if isinstance(item, Span):
                chosen = item.start + item.step * numbers[: item.length]
            else:
                chosen = np.atleast_1d(_bounded(np.asarray(item), axis, len(lengths)))
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
