"""Padding: what is added at the ends of axes is an expression of its own, joined to the array."""

from __future__ import annotations

from functools import partial

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap
from manycore.array._elementwise import cast
from manycore.array._manipulation import slice_axis
from manycore.array._shapes import whole_axes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["pad"]

# The keywords of each mode.
_KEYWORDS = {
    "empty": (),
    "edge": (),
    "wrap": (),
    "constant": ("constant_values",),
    "linear_ramp": ("end_values",),
    "maximum": ("stat_length",),
    "mean": ("stat_length",),
    "median": ("stat_length",),
    "minimum": ("stat_length",),
    "reflect": ("reflect_type",),
    "symmetric": ("reflect_type",),
}


def _pairs(value: Any, ndim: int, is_index: bool = False) -> list[tuple[Any, Any]]:
    """Make a pair for each axis of one value, of one pair, or of one pair for each axis."""
    if value is None:
        return [(None, None)] * ndim
    given = np.asarray(value)
    if is_index:
        given = np.round(given).astype(np.intp)
        if given.size and given.min() < 0:
            raise ValueError("index can't contain negative values")
    try:
        pairs = np.broadcast_to(given, (ndim, 2)).tolist()
    except ValueError:
        text = str(given.shape).replace(" ", "")
        raise ValueError(
            f"operands could not be broadcast together with remapped shapes "
            f"[original->remapped]: {text}  and requested shape ({ndim},2)"
        ) from None
    return [tuple(pair) for pair in pairs]


def pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Array:
    """
    Pad an array.

    Parameters
    ----------
    array : array_like
        The array.
    pad_width : int, pair, sequence of pairs, or dict
        How many elements to add before and after: for all axes, for each axis, or by axis.
    mode : str or function, default "constant"
        What to add: ``"constant"``, ``"edge"``, ``"linear_ramp"``, ``"maximum"``, ``"mean"``,
        ``"median"``, ``"minimum"``, ``"reflect"``, ``"symmetric"``, ``"wrap"``, ``"empty"``, or a
        function as in `numpy.pad`, which needs the whole array in one chunk.
    **kwargs
        ``constant_values``, ``end_values``, ``stat_length`` or ``reflect_type``, by the mode.

    Returns
    -------
    Array
        Lazy.

    Examples
    --------
    >>> mc.array.pad([1, 2, 3], (1, 2), "reflect").compute()
    array([2, 1, 2, 3, 2, 1])
    """
    core = _array.asarray(array)._core
    if isinstance(pad_width, dict):
        given: list[Any] = [(0, 0)] * core.ndim
        for axis, width in pad_width.items():
            given[axis] = (width, width) if isinstance(width, int) else width
        pad_width = given
    if np.asarray(pad_width).dtype.kind != "i":
        raise TypeError("`pad_width` must be of integral type.")
    widths = _pairs(pad_width, core.ndim, is_index=True)
    if callable(mode):
        return _by_function(core, widths, mode, kwargs)
    try:
        unknown = set(kwargs) - set(_KEYWORDS[mode])
    except KeyError:
        raise ValueError(f"mode '{mode}' is not supported") from None
    if unknown:
        raise ValueError(f"unsupported keyword arguments for mode '{mode}': {unknown}")
    if mode not in ("constant", "empty"):
        for axis, (length, width) in enumerate(zip(core.shape, widths, strict=True)):
            if length == 0 and any(width):
                raise ValueError(
                    f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'"
                )
    values = [
        _pairs(kwargs.get(name, 0 if name != "stat_length" else None), core.ndim)
        for name in ("constant_values", "end_values", "stat_length")
    ]
    for axis, width in enumerate(widths):
        if not any(width):
            continue
        if mode in ("constant", "empty"):
            core = _constant(core, axis, width, values[0][axis])
        elif mode in ("edge", "wrap", "reflect", "symmetric") and (
            kwargs.get("reflect_type", "even") == "even"
        ):
            core = _taken(core, axis, width, mode)
        elif mode in ("maximum", "minimum"):
            core = _extreme(core, axis, width, mode, values[2][axis])
        else:
            own = dict(kwargs)
            if mode == "linear_ramp":
                own["end_values"] = values[1][axis]
            elif "stat_length" in own:
                own["stat_length"] = values[2][axis]
            core = _by_lines(core, axis, width, mode, own)
    return _wrap(core)


def _joined(before: Any, core: Any, after: Any, axis: int) -> Any:
    parts = [part for part in (before, core, after) if part.shape[axis]]
    return _core.Array.concatenate(parts, axis) if len(parts) > 1 else (parts or [core])[0]


def _constant(core: Any, axis: int, width: tuple[int, int], values: tuple[Any, Any]) -> Any:
    sides = []
    for count, value in zip(width, values, strict=True):
        shape = tuple(count if place == axis else length for place, length in enumerate(core.shape))
        sides.append(_core.Array.full(shape, np.asarray(value).astype(core.dtype)))
    return _joined(sides[0], core, sides[1], axis)


def _taken(core: Any, axis: int, width: tuple[int, int], mode: str) -> Any:
    """Pad by elements of the array."""
    length = core.shape[axis]
    places = np.concatenate([np.arange(-width[0], 0), np.arange(length, length + width[1])])
    if mode == "edge" or length == 1:
        index = np.clip(places, 0, length - 1)
    elif mode == "wrap":
        index = places % length
    elif mode == "symmetric":
        turned = places % (2 * length)
        index = np.where(turned < length, turned, 2 * length - 1 - turned)
    else:
        turned = places % (2 * length - 2)
        index = np.where(turned < length, turned, 2 * length - 2 - turned)
    index = index.astype(np.int64)
    sides = [core.take(part, axis) for part in (index[: width[0]], index[width[0] :])]
    return _joined(sides[0], core, sides[1], axis)


def _extreme(
    core: Any, axis: int, width: tuple[int, int], mode: str, lengths: tuple[Any, Any]
) -> Any:
    """Pad by the largest or smallest of the elements near the ends."""
    total = core.shape[axis]
    sides = []
    for side, (count, near) in enumerate(zip(width, lengths, strict=True)):
        near = total if near is None or near > total else near
        if near == 0:
            raise ValueError("stat_length of 0 yields no value for padding")
        part = slice_axis(core, axis, 0 if side == 0 else total - near, near)
        found = part.reduce(mode, [axis], core.dtype)
        order: list[int | None] = list(range(found.ndim))
        order.insert(axis, None)
        shape = tuple(count if place == axis else size for place, size in enumerate(core.shape))
        sides.append(found.axes(order).broadcast_to(shape))
    return _joined(sides[0], core, sides[1], axis)


def _by_lines(
    core: Any, axis: int, width: tuple[int, int], mode: str, kwargs: dict[str, Any]
) -> Any:
    """Let NumPy pad chunks that have the axis whole."""
    lines = whole_axes(core, (axis,))
    total = core.shape[axis] + sum(width)
    chunks = (*lines[:axis], (total,), *lines[axis + 1 :])
    widths = [width if place == axis else (0, 0) for place in range(core.ndim)]
    function = partial(np.pad, pad_width=widths, mode=mode, **kwargs)
    (made,) = _core.Array.blocks(
        function, [core.rechunk(lines)], ["same"], [(core.dtype, chunks)], "pad"
    )
    return made


def _by_function(
    core: Any, widths: list[tuple[int, int]], mode: Any, kwargs: dict[str, Any]
) -> Array:
    """Let NumPy pad the whole array by a user's function."""
    chunks = tuple((length + sum(width),) for length, width in zip(core.shape, widths, strict=True))
    function = partial(np.pad, pad_width=widths, mode=mode, **kwargs)
    (made,) = _core.Array.blocks(function, [core], ["all"], [(core.dtype, chunks)], "pad")
    return _wrap(cast(made, core.dtype))
