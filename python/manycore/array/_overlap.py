"""
Blocks that overlap: functions that look at the elements around each one.

Nothing is copied for it: a block is read with its neighbours' edges from the array as it is, so
chunks that are shorter than the overlap are fine. Names and meaning follow ``dask.array.overlap``.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap, asarray
from manycore.array._blockwise import _labels, map_tiles
from manycore.array._nodes import constant, divided, section
from manycore.array._plans import Call, Tiled, grid_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import Any

    from manycore.array._nodes import Chunks

    _Depth = list[tuple[int, int]]
    _Side = list[tuple[int, int]]

__all__ = ["map_overlap"]


def map_overlap(
    func: Callable[..., Any],
    *args: Any,
    depth: Any = None,
    boundary: Any = None,
    trim: bool = True,
    align_arrays: bool = True,
    allow_rechunk: bool = True,
    name: str | None = None,
    token: str | None = None,
    dtype: Any = None,
    chunks: Any = None,
    drop_axis: Any = None,
    new_axis: Any = None,
    meta: Any = None,
    **kwargs: Any,
) -> Array:
    """
    Call a function with each block and the elements around it, as ``dask.array.map_overlap``.

    Parameters
    ----------
    func : callable
        Gets a block of each array, with `depth` more elements on either side.
    *args
        Arrays, and other values, which are passed on.
    depth : int, tuple, dict or list of these
        How many elements more: for all axes, for each one, by axis; a pair for an axis tells both
        sides apart; a list has an entry for each array.
    boundary : str, number, tuple, dict or list of these, optional
        What lies beyond the array: ``"none"`` (the default), so blocks end there; ``"reflect"``,
        the elements backwards; ``"periodic"``, those at the other end; ``"nearest"``, the last one
        again; or a number.
    trim : bool, default True
        Whether to cut off what the function returns for the elements around a block.
    align_arrays : bool, default True
        Whether to cut arrays wherever another one is cut. If not, their blocks are paired.
    allow_rechunk : bool
        Without meaning: the chunks of the result are those of the arrays, however short.
    name, token, dtype, chunks, drop_axis, new_axis, meta
        As in `map_blocks`; `chunks` are those before they are trimmed.
    **kwargs
        Passed on to the function.

    Returns
    -------
    Array
        The blocks that the function returned.

    Examples
    --------
    >>> x = mc.array.arange(6).rechunk(3)
    >>> mc.array.map_overlap(lambda b: b + np.roll(b, 1), x, depth=1, boundary=0).compute()
    array([0, 1, 3, 5, 7, 9])
    """
    if isinstance(func, Array) and args:
        # As a method of the array.
        func, args = args[0], (func, *args[1:])
    if not callable(func):
        raise TypeError(f"map_overlap needs a function first, not {func!r:.80}")
    if meta is not None and dtype is None:
        dtype = np.asarray(meta).dtype
    arrays = [value for value in args if isinstance(value, Array)]
    if not arrays:
        raise TypeError("map_overlap needs an Array to call the function with")
    depths = list(depth) if isinstance(depth, list) else [depth] * len(arrays)
    kinds = list(boundary) if isinstance(boundary, list) else [boundary] * len(arrays)
    if len(depths) != len(arrays) or len(kinds) != len(arrays):
        raise ValueError(
            f"there are {len(arrays)} arrays, but {len(depths)} depths and {len(kinds)} boundaries"
        )
    inputs: list[tuple[Tiled, tuple[Hashable, ...]]] = [
        (Tiled(array._core), _labels(array.ndim)) for array in arrays
    ]
    if align_arrays:
        inputs, lengths = grid_of(inputs, True)
        shape = {label: sum(sizes) for label, sizes in lengths.items()}
    else:
        shape = {}
    tiles = []
    for (tiled, labels), given, kind in zip(inputs, depths, kinds, strict=True):
        ndim = tiled.core.ndim
        around = _depths(given, ndim)
        for axis, label in enumerate(labels):
            # An axis that is broadcast has no neighbours.
            if tiled.core.shape[axis] == 1 and shape.get(label, 1) != 1:
                around[axis] = (0, 0)
        ends = _boundaries(kind, ndim)
        extended = _extended(tiled, around, ends)
        tiles.append((extended, labels, _sides(tiled, around, ends)))
    rest = iter(tiles)
    pairs: list[tuple[Any, Any]] = []
    for value in args:
        pairs.append(next(rest)[:2] if isinstance(value, Array) else (value, None))
    _, labels, added = max(tiles, key=lambda each: len(each[1]))
    sides = dict(zip(labels, added, strict=True))

    def trimming(call: Call, out: tuple[Hashable, ...], made: Chunks) -> None:
        _trim_call(call, [sides.get(label) for label in out], made)

    return map_tiles(
        func,
        pairs,
        kwargs,
        name or token or "map_overlap",
        dtype,
        chunks,
        drop_axis,
        new_axis,
        trimming if trim else None,
    )


def overlap(x: Any, depth: Any, boundary: Any = None, *, allow_rechunk: bool = True) -> Array:
    """
    Give each block the elements around it, which are then there several times.

    Parameters
    ----------
    x : array_like
        The array.
    depth, boundary, allow_rechunk
        As in `map_overlap`; but chunks shorter than `depth` are joined.

    Returns
    -------
    Array
        Of longer blocks.

    Examples
    --------
    >>> x = mc.array.arange(6).rechunk(3)
    >>> mc.array.overlap.overlap(x, depth=1, boundary="reflect").compute()
    array([0, 0, 1, 2, 3, 2, 3, 4, 5, 5])
    """
    core = asarray(x)._core
    around, ends = _depths(depth, core.ndim), _boundaries(boundary, core.ndim)
    chunks = [
        _no_shorter(sizes, max(pair)) for sizes, pair in zip(core.chunks, around, strict=True)
    ]
    tiled = _extended(Tiled(core.rechunk(tuple(chunks))), around, ends)
    pairs: list[tuple[Any, Any]] = [(tiled, _labels(core.ndim))]
    return map_tiles(_same, pairs, {}, "overlap", core.dtype, None, None, None)


def _no_shorter(sizes: tuple[int, ...], depth: int) -> tuple[int, ...]:
    """Join chunks, if there are ones that are shorter than their neighbours want to see."""
    if len(sizes) == 1 or min(sizes) >= depth:
        return sizes
    length = sum(sizes)
    return divided(length, ceil(length / max(length // max(*sizes, depth), 1)))


def _same(block: Any) -> Any:
    return block


def trim_overlap(x: Any, depth: Any, boundary: Any = None) -> Array:
    """
    Cut off the elements around each block, which `overlap` added.

    Parameters
    ----------
    x : array_like
        The array.
    depth, boundary
        As they were for `overlap`.

    Returns
    -------
    Array
        Of shorter blocks.

    Examples
    --------
    >>> x = mc.array.arange(6).rechunk(3)
    >>> wide = mc.array.overlap.overlap(x, depth=1, boundary="reflect")
    >>> mc.array.overlap.trim_overlap(wide, depth=1, boundary="reflect").compute()
    array([0, 1, 2, 3, 4, 5])
    """
    core = asarray(x)._core
    sides: list[_Side] = []
    around, ends = _depths(depth, core.ndim), _boundaries(boundary, core.ndim)
    for sizes, (before, after), kind in zip(core.chunks, around, ends, strict=True):
        last = len(sizes) - 1
        inner = _is_none(kind)
        sides.append(
            [
                (0 if inner and at == 0 else before, 0 if inner and at == last else after)
                for at in range(len(sizes))
            ]
        )

    def trimming(call: Call, out: tuple[Hashable, ...], made: Chunks) -> None:
        _trim_call(call, sides, made)

    pairs: list[tuple[Any, Any]] = [(_wrap(core), _labels(core.ndim))]
    return map_tiles(_same, pairs, {}, "trim_overlap", core.dtype, None, None, None, trimming)


def _by_axis(given: Any, ndim: int, default: Any, what: str) -> list[Any]:
    """Give a value for each axis, of what may be one for all, one for each, or a dict."""
    if isinstance(given, dict):
        wrong = [
            axis
            for axis in given
            if not (isinstance(axis, int | np.integer) and -ndim <= axis < ndim)
        ]
        if wrong:
            raise ValueError(f"{what} has an entry for axis {wrong[0]!r}, of {ndim} axes")
        placed = {int(axis) % ndim: value for axis, value in given.items()}
        return [placed.get(axis, default) for axis in range(ndim)]
    if isinstance(given, tuple):
        if len(given) != ndim:
            raise ValueError(f"{what} needs an entry for each of {ndim} axes, not {given!r}")
        return list(given)
    return [default if given is None else given] * ndim


def _depths(depth: Any, ndim: int) -> _Depth:
    """Normalise what `depth=` may be: how many elements before and after, for each axis."""
    if depth is None:
        raise ValueError("depth is needed: how many elements each block shares with its neighbours")
    pairs = []
    for given in _by_axis(depth, ndim, 0, "depth"):
        pair = given if isinstance(given, tuple) else (given, given)
        if len(pair) != 2 or not all(isinstance(n, int | np.integer) and n >= 0 for n in pair):
            raise ValueError(f"depth must be whole numbers of at least 0, not {given!r}")
        pairs.append((int(pair[0]), int(pair[1])))
    return pairs


def _boundaries(boundary: Any, ndim: int) -> list[Any]:
    """Normalise what `boundary=` may be, for each axis."""
    kinds = [
        "none" if kind is None else kind for kind in _by_axis(boundary, ndim, "none", "boundary")
    ]
    for kind in kinds:
        if isinstance(kind, str) and kind not in ("none", "reflect", "periodic", "nearest"):
            raise ValueError(
                "boundary must be 'none', 'reflect', 'periodic', 'nearest' or a number, "
                f"not {kind!r}"
            )
    return kinds


def _is_none(kind: Any) -> bool:
    return isinstance(kind, str) and kind == "none"


def _extended(tiled: Tiled, depth: _Depth, boundary: list[Any]) -> Tiled:
    """Let blocks reach into their neighbours, and beyond the array where a boundary is given."""
    core = tiled.core
    spans = []
    for axis, ((before, after), kind) in enumerate(zip(depth, boundary, strict=True)):
        length = tiled.core.shape[axis]
        padded = not _is_none(kind) and (before or after)
        if padded:
            core = _padded(core, axis, before, after, kind)
        shift, end = (before, length + before + after) if padded else (0, length)
        spans.append(
            [
                (max(start + shift - before, 0), min(stop + shift + after, end))
                for start, stop in tiled.spans[axis]
            ]
        )
    return Tiled(core, spans)


def _padded(core: _core.Array, axis: int, before: int, after: int, kind: Any) -> _core.Array:
    """Put what lies beyond the array at both ends of an axis."""
    length = core.shape[axis]
    if isinstance(kind, str) and (max(before, after) > length or not length):
        raise ValueError(
            f"The overlapping depth {max(before, after)} is larger than your array, of {length}"
        )
    ends = []
    for count, first in ((before, True), (after, False)):
        if not count:
            continue
        shape = (*core.shape[:axis], count, *core.shape[axis + 1 :])
        if not isinstance(kind, str):
            end = constant(kind, core.dtype).broadcast_to(shape)
        elif kind == "nearest":
            edge = 0 if first else length - 1
            end = section(core, axis, edge, edge + 1).broadcast_to(shape)
        elif kind == "periodic":
            start = length - count if first else 0
            end = section(core, axis, start, start + count)
        else:
            start = count - 1 if first else length - 1
            end = section(core, axis, start, start - count, -1)
        ends.append((end, first))
    left = [end for end, first in ends if first]
    right = [end for end, first in ends if not first]
    return _core.Array.concatenate([*left, core, *right], axis)


def _sides(tiled: Tiled, depth: _Depth, boundary: list[Any]) -> list[_Side]:
    """Say how many elements each block has got before and after it, along each axis."""
    sides = []
    for axis, ((before, after), kind) in enumerate(zip(depth, boundary, strict=True)):
        length = tiled.core.shape[axis]
        spans = tiled.spans[axis]
        if _is_none(kind):
            sides.append([(min(before, s), min(after, length - e)) for s, e in spans])
        else:
            sides.append([(before, after)] * len(spans))
    return sides


def _trim_call(call: Call, sides: Sequence[_Side | None], made: Chunks) -> None:
    """Have what a function returns trimmed: by as much as each block was extended."""
    cuts = []
    chunks = []
    for side, sizes in zip(sides, made, strict=True):
        pairs = [(0, 0)] if side is None else side
        # One block serves all.
        pairs = pairs * len(sizes) if len(pairs) == 1 else pairs
        lengths = tuple(size - sum(pair) for size, pair in zip(sizes, pairs, strict=True))
        if min(lengths, default=0) < 0:
            raise ValueError(f"blocks of {sizes} elements can't be trimmed by {pairs}")
        cuts.append([slice(first, first + n) for (first, _), n in zip(pairs, lengths, strict=True)])
        chunks.append(lengths)

    def trim(array: Any, index: tuple[int, ...]) -> Any:
        return array[tuple(axis[at] for axis, at in zip(cuts, index, strict=True))]

    call.trim = trim
    call.untrimmed = made
    call.outputs = [(np.dtype(bool), tuple(chunks))]
