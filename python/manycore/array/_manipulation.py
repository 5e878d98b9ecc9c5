"""
Shapes changed: axes, joining, splitting, repeating.

All of it is views of expressions: nothing is copied until something is computed.
"""

from __future__ import annotations

import math
import operator

import numpy as np

from manycore.array import _array
from manycore.array._array import Array, _wrap
from manycore.array._elementwise import broadcast_shapes
from manycore.array._shapes import normalize_axes, normalize_axis, normalize_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = [
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "broadcast_arrays",
    "broadcast_shapes",
    "broadcast_to",
    "expand_dims",
    "matrix_transpose",
    "moveaxis",
    "ndim",
    "permute_dims",
    "ravel",
    "reshape",
    "rollaxis",
    "shape",
    "size",
    "squeeze",
    "swapaxes",
    "transpose",
]


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
