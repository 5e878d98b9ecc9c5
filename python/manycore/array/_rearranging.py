"""Elements of axes in another order, repeated, left out, or put in."""

from __future__ import annotations

import math

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap
from manycore.array._manipulation import broadcast_to, moveaxis, ravel, slice_axis, swapaxes
from manycore.array._shapes import normalize_axes, normalize_axis, normalize_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "delete",
    "flip",
    "fliplr",
    "flipud",
    "insert",
    "repeat",
    "resize",
    "roll",
    "rot90",
    "tile",
    "trim_zeros",
]


# So many copies are joined; more are a broadcast, reshaped.
_FEW = 16


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
