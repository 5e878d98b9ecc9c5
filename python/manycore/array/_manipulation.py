"""
Shapes changed: axes, joining, splitting, repeating.

All of it is views of expressions: nothing is copied until something is computed.
"""

from __future__ import annotations

import math
import operator
from itertools import pairwise

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap
from manycore.array._elementwise import broadcast_shapes, cast
from manycore.array._shapes import normalize_axes, normalize_axis, normalize_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = [
    "append",
    "array_split",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "block",
    "broadcast_arrays",
    "broadcast_shapes",
    "broadcast_to",
    "column_stack",
    "concat",
    "concatenate",
    "delete",
    "dsplit",
    "dstack",
    "expand_dims",
    "flip",
    "fliplr",
    "flipud",
    "hsplit",
    "hstack",
    "insert",
    "matrix_transpose",
    "moveaxis",
    "ndim",
    "permute_dims",
    "ravel",
    "repeat",
    "reshape",
    "resize",
    "roll",
    "rollaxis",
    "rot90",
    "row_stack",
    "shape",
    "size",
    "split",
    "squeeze",
    "stack",
    "swapaxes",
    "tile",
    "transpose",
    "trim_zeros",
    "unstack",
    "vsplit",
    "vstack",
]

# So many copies are joined; more are a broadcast, reshaped.
_FEW = 16


def shape(a: Any) -> tuple[int, ...]:
    """
    Give the shape of an array.

    Examples
    --------
    >>> mc.array.shape(mc.array.ones((2, 3)))
    (2, 3)
    """
    return _array.asarray(a).shape


def ndim(a: Any) -> int:
    """
    Give the number of axes of an array.

    Examples
    --------
    >>> mc.array.ndim(mc.array.ones((2, 3)))
    2
    """
    return _array.asarray(a).ndim


def size(a: Any, axis: int | None = None) -> int:
    """
    Give the number of elements, or the length of an axis.

    Examples
    --------
    >>> mc.array.size(mc.array.ones((2, 3)))
    6
    """
    given = _array.asarray(a)
    return given.size if axis is None else given.shape[normalize_axis(axis, given.ndim)]


def slice_axis(core: Any, axis: int, start: int, length: int, step: int = 1) -> Any:
    """Slice one axis of the core's expression."""
    box = [(0, 1, size) for size in core.shape]
    box[axis] = (start, step, length)
    return core.slice(box)


def reshape(
    a: Any,
    /,
    shape: Any = None,
    order: str = "C",
    *,
    copy: bool | None = None,
    newshape: Any = None,
) -> Array:
    """
    Give an array another shape.

    Parameters
    ----------
    a : array_like
        The array.
    shape : int or tuple of int
        The lengths of the axes; one of them may be -1, and is found.
    order : {"C", "F", "A"}, default "C"
        In which order elements are read and placed; "F" changes the first index fastest. "A" is
        "C", as lazy arrays have no layout.
    copy : bool, optional
        Without meaning for lazy arrays, but False, which raises ValueError for order "F".
    newshape
        The former name of `shape`.

    Returns
    -------
    Array
        Lazy.

    Examples
    --------
    >>> mc.array.reshape(mc.array.arange(4), (2, -1), order="F").compute()
    array([[0, 2],
           [1, 3]])
    """
    given = _array.asarray(a)
    core = given._core
    if shape is None:
        if newshape is None:
            raise TypeError("reshape() missing 1 required positional argument: 'shape'")
        shape = newshape
    lengths = _reshaped(core.size, shape)
    if order == "F":
        turned = core.axes(list(reversed(range(core.ndim)))).reshape(lengths[::-1])
        return _wrap(turned.axes(list(reversed(range(len(lengths))))))
    if order not in ("C", "A"):
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got '{order}')")
    return given if lengths == core.shape and copy is not True else _wrap(core.reshape(lengths))


def _reshaped(count: int, shape: Any) -> tuple[int, ...]:
    """Find the lengths that a shape with -1 in it means."""
    try:
        lengths = [operator.index(shape)]
    except TypeError:
        lengths = [operator.index(length) for length in shape]
    if lengths.count(-1) > 1:
        raise ValueError("can only specify one unknown dimension")
    known = math.prod(length for length in lengths if length != -1)
    if any(length < -1 for length in lengths):
        raise ValueError("negative dimensions not allowed")
    if -1 in lengths and known and count % known == 0:
        lengths[lengths.index(-1)] = count // known
    if math.prod(lengths) != count or -1 in lengths:
        text = ",".join("newaxis" if length == -1 else str(length) for length in lengths)
        text += "," if len(lengths) == 1 else ""
        raise ValueError(f"cannot reshape array of size {count} into shape ({text})")
    return tuple(lengths)


def ravel(a: Any, order: str = "C") -> Array:
    """
    Flatten an array.

    Examples
    --------
    >>> mc.array.ravel([[1, 2], [3, 4]]).compute()
    array([1, 2, 3, 4])
    """
    return reshape(a, -1, "C" if order == "K" else order)


def transpose(a: Any, axes: Any = None) -> Array:
    """
    Permute the axes; reverse them by default.

    Examples
    --------
    >>> mc.array.transpose(mc.array.ones((2, 3, 4)), (1, 0, 2)).shape
    (3, 2, 4)
    """
    core = _array.asarray(a)._core
    count = core.ndim
    if axes is None:
        return _wrap(core.axes(list(range(count - 1, -1, -1)))) if count > 1 else _wrap(core)
    given = [axes] if isinstance(axes, int | np.integer) else axes
    if len(given) != count:
        raise ValueError("axes don't match array")
    order = [normalize_axis(axis, count) for axis in given]
    if len(set(order)) != count:
        raise ValueError("repeated axis in transpose")
    return _wrap(core.axes(order))


def permute_dims(a: Any, /, axes: Any) -> Array:
    """
    Permute the axes.

    Examples
    --------
    >>> mc.array.permute_dims(mc.array.ones((2, 3)), (1, 0)).shape
    (3, 2)
    """
    return transpose(a, axes)


def matrix_transpose(x: Any, /) -> Array:
    """
    Transpose matrices: the last two axes.

    Examples
    --------
    >>> mc.array.matrix_transpose(mc.array.ones((5, 2, 3))).shape
    (5, 3, 2)
    """
    core = _array.asarray(x)._core
    if core.ndim < 2:
        raise ValueError(
            f"Input array must be at least 2-dimensional, but it is {core.ndim}-dimensional"
        )
    return swapaxes(x, -1, -2)


def moveaxis(a: Any, source: Any, destination: Any, /) -> Array:
    """
    Move axes to other places.

    Examples
    --------
    >>> mc.array.moveaxis(mc.array.ones((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    core = _array.asarray(a)._core
    before = normalize_axes(source, core.ndim, "source")
    after = normalize_axes(destination, core.ndim, "destination")
    if len(before) != len(after):
        raise ValueError(
            "`source` and `destination` arguments must have the same number of elements"
        )
    order = [axis for axis in range(core.ndim) if axis not in before]
    for place, axis in sorted(zip(after, before, strict=True)):
        order.insert(place, axis)
    return _wrap(core.axes(order))


def rollaxis(a: Any, axis: int, start: int = 0) -> Array:
    """
    Move an axis before another; `moveaxis` says it better.

    Examples
    --------
    >>> mc.array.rollaxis(mc.array.ones((2, 3, 4)), 2).shape
    (4, 2, 3)
    """
    given = _array.asarray(a)
    count = given.ndim
    axis = normalize_axis(axis, count)
    if not -count <= start <= count:
        message = "'start' arg requires -{0} <= start < {1}, but {2} was passed in"
        raise np.exceptions.AxisError(message.format(count, count + 1, start))
    start += count if start < 0 else 0
    return moveaxis(given, axis, start - 1 if axis < start else start)


def swapaxes(a: Any, axis1: int, axis2: int) -> Array:
    """
    Swap two axes.

    Examples
    --------
    >>> mc.array.swapaxes(mc.array.ones((2, 3, 4)), 0, 2).shape
    (4, 3, 2)
    """
    core = _array.asarray(a)._core
    first = normalize_axis(axis1, core.ndim, "axis1")
    second = normalize_axis(axis2, core.ndim, "axis2")
    order = list(range(core.ndim))
    order[first], order[second] = second, first
    return _wrap(core.axes(order))


def squeeze(a: Any, /, axis: Any = None) -> Array:
    """
    Leave out axes of length 1.

    Examples
    --------
    >>> mc.array.squeeze(mc.array.ones((1, 3, 1))).shape
    (3,)
    """
    core = _array.asarray(a)._core
    if axis is None:
        gone: Any = {place for place, length in enumerate(core.shape) if length == 1}
    else:
        gone = normalize_axes(axis, core.ndim)
        if any(core.shape[place] != 1 for place in gone):
            raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return _wrap(core.axes([place for place in range(core.ndim) if place not in gone]))


def expand_dims(a: Any, /, axis: Any = 0) -> Array:
    """
    Add axes of length 1.

    Examples
    --------
    >>> mc.array.expand_dims(mc.array.ones(3), axis=0).shape
    (1, 3)
    """
    core = _array.asarray(a)._core
    count = core.ndim + (len(axis) if isinstance(axis, tuple | list) else 1)
    new = normalize_axes(axis, count)
    old = iter(range(core.ndim))
    return _wrap(core.axes([None if place in new else next(old) for place in range(count)]))


def _at_least(arrays: Sequence[Any], axes: Sequence[Sequence[int | None]]) -> Any:
    """Give arrays the axes that are due for each number of axes that they have."""
    made = []
    for given in arrays:
        array = _array.asarray(given)
        few = array.ndim < len(axes)
        made.append(_wrap(array._core.axes(list(axes[array.ndim]))) if few else array)
    return made[0] if len(made) == 1 else tuple(made)


def atleast_1d(*arys: Any) -> Any:
    """
    Give arrays at least one axis.

    Examples
    --------
    >>> mc.array.atleast_1d(5).shape
    (1,)
    """
    return _at_least(arys, [[None]])


def atleast_2d(*arys: Any) -> Any:
    """
    Give arrays at least two axes.

    Examples
    --------
    >>> mc.array.atleast_2d([1, 2]).shape
    (1, 2)
    """
    return _at_least(arys, [[None, None], [None, 0]])


def atleast_3d(*arys: Any) -> Any:
    """
    Give arrays at least three axes.

    Examples
    --------
    >>> mc.array.atleast_3d([1, 2]).shape
    (1, 2, 1)
    """
    return _at_least(arys, [[None, None, None], [None, 0, None], [0, 1, None]])


def broadcast_to(x: Any, /, shape: Any, chunks: Any = None) -> Array:
    """
    Broadcast an array to a shape.

    Examples
    --------
    >>> mc.array.broadcast_to([1, 2], (2, 2)).compute()
    array([[1, 2],
           [1, 2]])
    """
    core = _array.asarray(x)._core
    lengths = normalize_shape(shape)
    if core.shape == lengths:
        made = _wrap(core)
    else:
        if len(lengths) < core.ndim or any(
            old not in (1, new)
            for old, new in zip(reversed(core.shape), reversed(lengths), strict=False)
        ):
            np.broadcast_to(np.broadcast_to(np.empty(()), core.shape), lengths)  # NumPy's error
        made = _wrap(core.broadcast_to(lengths))
    return made if chunks is None else made.rechunk(chunks)


def broadcast_arrays(*args: Any) -> tuple[Array, ...]:
    """
    Broadcast arrays against each other.

    Examples
    --------
    >>> [array.shape for array in mc.array.broadcast_arrays([1, 2], [[3], [4]])]
    [(2, 2), (2, 2)]
    """
    arrays = [_array.asarray(arg) for arg in args]
    if not arrays:
        return ()
    try:
        lengths = broadcast_shapes([array.shape for array in arrays])
    except ValueError:
        lengths = np.broadcast_shapes(*(array.shape for array in arrays))  # its error
    return tuple(broadcast_to(array, lengths) for array in arrays)


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


def flip(m: Any, /, axis: Any = None) -> Array:
    """
    Reverse the order along axes; all of them by default.

    Examples
    --------
    >>> mc.array.flip([1, 2, 3]).compute()
    array([3, 2, 1])
    """
    core = _array.asarray(m)._core
    axes = normalize_axes(axis, core.ndim)
    box = [
        (length - 1, -1, length) if place in axes and length else (0, 1, length)
        for place, length in enumerate(core.shape)
    ]
    return _wrap(core.slice(box))


def fliplr(m: Any) -> Array:
    """
    Reverse the order of columns.

    Examples
    --------
    >>> mc.array.fliplr([[1, 2]]).compute()
    array([[2, 1]])
    """
    given = _array.asarray(m)
    if given.ndim < 2:
        raise ValueError("Input must be >= 2-d.")
    return flip(given, 1)


def flipud(m: Any) -> Array:
    """
    Reverse the order of rows.

    Examples
    --------
    >>> mc.array.flipud([[1], [2]]).compute()
    array([[2],
           [1]])
    """
    given = _array.asarray(m)
    if given.ndim < 1:
        raise ValueError("Input must be >= 1-d.")
    return flip(given, 0)


def rot90(m: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Array:
    """
    Turn an array by 90 degrees, `k` times.

    Examples
    --------
    >>> mc.array.rot90([[1, 2], [3, 4]]).compute()
    array([[2, 4],
           [1, 3]])
    """
    given = _array.asarray(m)
    if len(axes) != 2:
        raise ValueError("len(axes) must be 2.")
    count = given.ndim
    if axes[0] == axes[1] or abs(axes[0] - axes[1]) == count:
        raise ValueError("Axes must be different.")
    if any(not -count <= axis < count for axis in axes):
        raise ValueError(f"Axes={tuple(axes)} out of range for array of ndim={count}.")
    k %= 4
    if k == 0:
        return given
    if k == 2:
        return flip(given, tuple(axes))
    if k == 1:
        return swapaxes(flip(given, axes[1]), *axes)
    return flip(swapaxes(given, *axes), axes[1])


def roll(a: Any, /, shift: Any, axis: Any = None) -> Array:
    """
    Move elements along axes; what leaves at one end comes in at the other.

    Examples
    --------
    >>> mc.array.roll([1, 2, 3], 1).compute()
    array([3, 1, 2])
    """
    given = _array.asarray(a)
    if axis is None:
        return roll(ravel(given), shift, 0).reshape(given.shape)
    axes = normalize_axes(axis, given.ndim, allow_duplicate=True)
    pairs = np.broadcast(shift, axes)
    if pairs.ndim > 1:
        raise ValueError("'shift' and 'axis' should be scalars or 1D sequences")
    shifts = dict.fromkeys(axes, 0)
    for step, place in pairs:
        shifts[int(place)] += int(step)
    core = given._core
    for place, step in shifts.items():
        length = core.shape[place]
        step %= length or 1
        if step:
            tail = slice_axis(core, place, length - step, step)
            core = _core.Array.concatenate([tail, slice_axis(core, place, 0, length - step)], place)
    return _wrap(core)


def _repeated(core: Any, axis: int, times: int) -> Any:
    """Repeat the core's expression as a whole along an axis."""
    if times == 1:
        return core
    if 1 < times <= _FEW:
        return _core.Array.concatenate([core] * times, axis)
    lengths = core.shape
    lead, tail = list(range(axis)), list(range(axis, core.ndim))
    spread = core.axes([*lead, None, *tail])
    spread = spread.broadcast_to((*lengths[:axis], times, *lengths[axis:]))
    return spread.reshape((*lengths[:axis], times * lengths[axis], *lengths[axis + 1 :]))


def tile(A: Any, reps: Any, /) -> Array:  # noqa: N803, NumPy's name
    """
    Repeat an array as a whole.

    Examples
    --------
    >>> mc.array.tile([1, 2], 2).compute()
    array([1, 2, 1, 2])
    """
    times = normalize_shape(reps)
    core = _array.asarray(A)._core
    if len(times) < core.ndim:
        times = (1,) * (core.ndim - len(times)) + times
    core = core.axes([None] * (len(times) - core.ndim) + list(range(core.ndim)))
    for axis, count in enumerate(times):
        core = _repeated(core, axis, count)
    return _wrap(core)


def repeat(a: Any, repeats: Any, /, axis: int | None = None) -> Array:
    """
    Repeat each element.

    Parameters
    ----------
    a : array_like
        The array.
    repeats : int or array_like of int
        How often; one number for all, or one for each element along the axis. These numbers are
        computed at once if they are lazy, as the result's shape depends on them.
    axis : int, optional
        Along which axis; the array is flattened by default.

    Returns
    -------
    Array
        Lazy.

    Examples
    --------
    >>> mc.array.repeat([1, 2], [1, 3]).compute()
    array([1, 2, 2, 2])
    """
    given = _array.asarray(a)
    if axis is None:
        given = ravel(given)
        axis = 0
    core = given._core
    axis = normalize_axis(axis, core.ndim)
    times = np.asarray(repeats)
    if times.dtype.kind not in "biu" and times.size:
        raise TypeError(
            f"Cannot cast array data from {times.dtype!r} to dtype('int64') "
            "according to the rule 'safe'"
        )
    lengths = core.shape
    if times.size == 1:
        count = int(times.reshape(()))
        if count < 0:
            raise ValueError("negative dimensions are not allowed")
        order = [*range(axis + 1), None, *range(axis + 1, core.ndim)]
        spread = core.axes(order)
        spread = spread.broadcast_to((*lengths[: axis + 1], count, *lengths[axis + 1 :]))
        return _wrap(spread.reshape((*lengths[:axis], lengths[axis] * count, *lengths[axis + 1 :])))
    if times.ndim > 1:
        raise ValueError("object too deep for desired array")
    if times.size != lengths[axis]:
        raise ValueError(
            f"operands could not be broadcast together with shape ({lengths[axis]},) "
            f"({times.size},)"
        )
    index = np.repeat(np.arange(lengths[axis], dtype=np.int64), times)  # with NumPy's errors
    return _wrap(core.take(index, axis))


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


def delete(arr: Any, obj: Any, axis: int | None = None) -> Array:
    """
    Leave out elements along an axis.

    Examples
    --------
    >>> mc.array.delete([1, 2, 3], 1).compute()
    array([1, 3])
    """
    given = _array.asarray(arr)
    if axis is None:
        given = ravel(given)
        axis = 0
    core = given._core
    axis = normalize_axis(axis, core.ndim)
    length = core.shape[axis]
    if isinstance(obj, slice):
        places = range(*obj.indices(length))
        if abs(places.step) == 1:  # a piece, which takes no list of indices
            start, stop = (min(places), max(places) + 1) if places else (0, 0)
            parts = slice_axis(core, axis, 0, start), slice_axis(core, axis, stop, length - stop)
            return _wrap(_core.Array.concatenate(list(parts), axis))
        obj = np.array(places, np.int64)
    elif isinstance(obj, Array):
        obj = np.asarray(obj)
    kept = np.delete(np.arange(length, dtype=np.int64), obj)  # with NumPy's errors
    return _wrap(core.take(kept, axis))


def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Array:
    """
    Insert values before indices along an axis.

    Examples
    --------
    >>> mc.array.insert([1, 2, 3], 1, 9).compute()
    array([1, 9, 2, 3])
    """
    given = _array.asarray(arr)
    if axis is None:
        given = ravel(given)
        axis = 0
    axis = normalize_axis(axis, given.ndim)
    length = given.shape[axis]
    # Where the elements of the array, and behind them those of the values, come to stand.
    if isinstance(obj, slice):
        obj = np.arange(*obj.indices(length))
    before = np.asarray(obj)
    single = before.size == 1
    new = _array.asarray(values)
    count = 1
    if single and before.dtype.kind in "iub":
        if before.dtype.kind == "b":
            before = np.flatnonzero(np.atleast_1d(before))
        if before.ndim == 0:
            new = new.reshape((1,) * max(given.ndim - new.ndim, 0) + new.shape)
            new = moveaxis(new, 0, axis)
        elif new.ndim < given.ndim:
            new = new.reshape((1,) * (given.ndim - new.ndim) + new.shape)
        count = new.shape[axis]
        before = np.repeat(before.reshape(-1)[:1], count)
    elif before.dtype.kind == "b":
        before = np.flatnonzero(before)
        count = before.size
    else:
        count = before.size
    lengths = list(given.shape)
    lengths[axis] = count
    new = broadcast_to(new.astype(given.dtype), tuple(lengths))
    if before.size == 0:
        return given
    if before.dtype.kind not in "iu":
        raise IndexError("arrays used as indices must be of integer (or boolean) type")
    wrong = before[(before < -length) | (before > length)]
    if wrong.size:
        raise IndexError(f"index {wrong[0]} is out of bounds for axis {axis} with size {length}")
    before = np.where(before < 0, before + length, before).astype(np.int64)
    order = np.argsort(before, kind="stable")
    places = np.empty(count, np.int64)
    places[order] = before[order] + np.arange(count)
    source = np.empty(length + count, np.int64)
    is_old = np.ones(length + count, bool)
    is_old[places] = False
    source[is_old] = np.arange(length)
    source[places] = length + np.arange(count)
    return _wrap(_core.Array.concatenate([given._core, new._core], axis).take(source, axis))


def resize(a: Any, new_shape: Any) -> Array:
    """
    Give an array a shape of another size: elements are repeated, or the last are left out.

    Examples
    --------
    >>> mc.array.resize([1, 2, 3], (2, 2)).compute()
    array([[1, 2],
           [3, 1]])
    """
    lengths = normalize_shape(new_shape)
    core = ravel(a)._core
    count = math.prod(lengths)
    if not core.size or not count:
        return _wrap(_core.Array.full(lengths, np.zeros((), core.dtype)))
    core = _repeated(core, 0, -(-count // core.size))
    return _wrap(slice_axis(core, 0, 0, count).reshape(lengths))


def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Array:
    """
    Leave out zeros at the ends: where they are is computed at once.

    Examples
    --------
    >>> mc.array.trim_zeros([0, 1, 0, 2, 0]).compute()
    array([1, 0, 2])
    """
    given = _array.asarray(filt)
    trim = trim.lower()
    if trim not in {"fb", "bf", "f", "b"}:
        raise ValueError(f"unexpected character(s) in `trim`: {trim!r}")
    axes = normalize_axes(axis, given.ndim)
    core = (given != 0)._core
    lines = []
    for place in range(given.ndim):
        others = [other for other in range(given.ndim) if other != place]
        lines.append(core.reduce("logical_or", others, np.dtype(bool)) if others else core)
    box = []
    for place, line in enumerate(_core.compute_arrays(lines)):
        found = np.flatnonzero(line)
        start, stop = 0, given.shape[place]
        if place in axes:
            if not found.size:
                start, stop = 0, 0
            else:
                start = int(found[0]) if "f" in trim else start
                stop = int(found[-1]) + 1 if "b" in trim else stop
        box.append((start, 1, stop - start))
    return _wrap(given._core.slice(box))
