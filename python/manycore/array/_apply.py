"""Functions applied along axes, and reductions made of functions of chunks."""

from __future__ import annotations

import itertools
from functools import partial
from math import ceil

import numpy as np

from manycore.array._array import Array, _wrap, asarray
from manycore.array._elementwise import _write
from manycore.array._nodes import axis_tuple, blocks, bounds, divided, offsets, whole
from manycore.array._plans import infer
from manycore.array._shapes import normalize_axis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from manycore.array._nodes import Chunks, Region

    _Numbers = np.ndarray[Any, Any]

__all__ = ["apply_along_axis", "apply_over_axes", "coarsen", "reduction"]


def apply_along_axis(
    func1d: Callable[..., Any],
    axis: int,
    arr: Any,
    *args: Any,
    dtype: Any = None,
    shape: tuple[int, ...] | None = None,
    **kwargs: Any,
) -> Array:
    """
    Call a function with each line along an axis.

    Parameters
    ----------
    func1d : callable
        Gets an array of one axis, and returns one of any shape, or a scalar.
    axis : int
        Along which axis.
    arr : array_like
        The elements.
    *args, **kwargs
        Passed on to the function.
    dtype, shape : optional
        Of what the function returns; by default it is called with a line of zeros to find them.

    Returns
    -------
    Array
        With what the function returned in the place of the axis.

    Examples
    --------
    >>> mc.array.apply_along_axis(np.ptp, 1, [[1, 5, 2], [4, 4, 4]]).compute()
    array([4, 0])
    """
    core = asarray(arr)._core
    place = normalize_axis(axis, core.ndim)
    if dtype is None or shape is None:
        line = np.zeros(core.shape[place], core.dtype)
        like = np.asarray(infer(func1d, [line, *args], kwargs, "apply_along_axis", "dtype=, shape"))
        dtype = like.dtype if dtype is None else dtype
        shape = like.shape if shape is None else shape
    dtype = np.dtype(dtype)
    source = whole(core, [place])
    lengths = tuple(shape)
    chunks = (
        *source.chunks[:place],
        *((length,) for length in lengths),
        *source.chunks[place + 1 :],
    )

    def call(block: _Numbers) -> _Numbers:
        rest = (*block.shape[:place], *block.shape[place + 1 :])
        if 0 in rest:
            return np.empty((*block.shape[:place], *lengths, *block.shape[place + 1 :]), dtype)
        result = np.apply_along_axis(func1d, place, block, *args, **kwargs)
        return np.asarray(result).astype(dtype, copy=False)

    return _wrap(blocks(call, [source], dtype, chunks, "along", [list(bounds(source.chunks))]))


def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Array:
    """
    Call a function of an array and an axis, for one axis after the other.

    Parameters
    ----------
    func : callable
        Such as ``mc.array.sum``: gets an array and an axis, and returns an array that may lack it.
    a : array_like
        The elements.
    axes : int or sequence of int
        Which axes.

    Returns
    -------
    Array
        With as many axes as `a`.

    Examples
    --------
    >>> mc.array.apply_over_axes(np.sum, [[1, 2], [3, 4]], [0, 1]).compute()
    array([[10]])
    """
    value = asarray(a)
    ndim = value.ndim
    for axis in np.atleast_1d(axes).tolist():
        place = normalize_axis(axis, ndim)
        result = asarray(func(value, place))
        if result.ndim == ndim - 1:
            order: list[int | None] = list(range(ndim - 1))
            order.insert(place, None)
            result = _wrap(result._core.axes(order))
        if result.ndim != ndim:
            raise ValueError("function is not returning an array of the correct shape")
        value = result
    return value


def reduction(
    x: Any,
    chunk: Callable[..., Any],
    aggregate: Callable[..., Any],
    axis: Any = None,
    keepdims: bool = False,
    dtype: Any = None,
    split_every: int | dict[int, int] | None = None,
    combine: Callable[..., Any] | None = None,
    name: str | None = None,
    out: Any = None,
    concatenate: bool = True,
    output_size: int = 1,
    meta: Any = None,
    weights: Any = None,
) -> Array:
    """
    Reduce by functions of chunks, as in ``dask.array.reduction``.

    Parameters
    ----------
    x : array_like
        The elements.
    chunk : callable
        ``chunk(block, axis, keepdims)`` reduces a chunk, with ``keepdims=True``; and with
        ``weights``, if there are any.
    aggregate : callable
        ``aggregate(parts, axis, keepdims)`` makes the result of what all chunks were reduced to.
    axis : int or tuple of int, optional
        Along which axes; all by default.
    keepdims : bool, default False
        Whether reduced axes stay.
    dtype : dtype, optional
        Of the result; by default found by calling the functions with an array of one element.
    split_every : int or dict, optional
        How many parts (of each axis, if it is a dict) `combine` gets at a time; 16 by default.
    combine : callable, optional
        ``combine(parts, axis, keepdims)`` reduces parts to one; by default `aggregate` does.
    name : str, optional
        A name for errors and plans.
    out : Array or numpy.ndarray, optional
        What gets the result.
    concatenate : bool, default True
        Whether parts come as one array; else as (nested) lists of arrays, as they are in Dask.
        What `chunk` returns must be an array either way.
    output_size : int
        Without meaning: the length of a reduced axis is found.
    meta : array_like, optional
        An array of the result's dtype.
    weights : array_like, optional
        Broadcast to the elements, and given to `chunk`.

    Returns
    -------
    Array
        The result.

    Examples
    --------
    >>> mc.array.reduction([3, 1, 2], chunk=np.max, aggregate=np.max).compute()
    np.int64(3)
    """
    core = asarray(x)._core
    axes = axis_tuple(axis, core.ndim)
    name = str(name or getattr(aggregate, "__name__", "reduction"))
    if meta is not None and dtype is None:
        dtype = np.asarray(meta).dtype
    inputs = [core]
    if weights is not None:
        inputs.append(asarray(weights)._core.broadcast_to(core.shape).rechunk(core.chunks))

    def first(block: _Numbers, *weight: _Numbers) -> _Numbers:
        options = {"weights": weight[0]} if weight else {}
        return np.asarray(chunk(block, axis=axes, keepdims=True, **options))

    def merging(function: Callable[..., Any], kept: bool) -> Callable[[_Numbers], _Numbers]:
        def merge(parts: _Numbers) -> _Numbers:
            given = parts if concatenate else _listed(parts, axes)
            return np.asarray(function(given, axis=axes, keepdims=kept))

        return merge

    small = [np.zeros((1,) * core.ndim, each.dtype) for each in inputs]
    part = infer(first, small, {}, name)
    last = merging(aggregate, keepdims)
    if dtype is None:
        dtype = infer(last, [part], {}, name).dtype
    dtype = np.dtype(dtype)
    merge = merging(combine or aggregate, True)
    groups = _group_sizes(split_every, axes)
    chunks = _reduced_chunks(core.chunks, axes, tuple(part.shape[each] for each in axes))
    level = blocks(first, inputs, part.dtype, chunks, f"{name}.chunk")
    while any(len(level.chunks[each]) > groups[each] for each in axes):
        combined = infer(merge, [part], {}, name)
        regions, chunks = _grouped(level.chunks, axes, groups, combined.shape)
        level = blocks(merge, [level], combined.dtype, chunks, f"{name}.combine", [regions])
        part = combined
    source = whole(level, axes)
    rest = [
        (1,) if each in axes else sizes
        for each, sizes in enumerate(source.chunks)
        if keepdims or each not in axes
    ]

    def finish(parts: _Numbers) -> _Numbers:
        return last(parts).astype(dtype, copy=False)

    places = [list(bounds(source.chunks))]
    result = blocks(finish, [source], dtype, tuple(rest), name, places)
    return _write(None, result, out)  # type: ignore[no-any-return]


def _listed(parts: _Numbers, axes: tuple[int, ...]) -> Any:
    """Give parts of one element along each reduced axis as lists within lists."""
    if not axes:
        return parts
    cut = np.split(parts, parts.shape[axes[0]], axes[0])
    return [_listed(part, axes[1:]) for part in cut]


def _group_sizes(split_every: Any, axes: tuple[int, ...]) -> dict[int, int]:
    """Say how many parts along each axis are combined at a time."""
    if isinstance(split_every, dict):
        return {axis: max(int(split_every.get(axis, 2)), 2) for axis in axes}
    if split_every is not None and split_every < 2:
        raise ValueError(f"split_every must be at least 2, not {split_every!r}")
    each = int((split_every or 16) ** (1 / max(len(axes), 1)))
    return dict.fromkeys(axes, max(each, 2))


def _reduced_chunks(chunks: Chunks, axes: tuple[int, ...], lengths: tuple[int, ...]) -> Chunks:
    """Give the chunks of what each chunk of an array is reduced to."""
    by_axis = dict(zip(axes, lengths, strict=True))
    return tuple(
        (by_axis[axis],) * len(sizes) if axis in by_axis else sizes
        for axis, sizes in enumerate(chunks)
    )


def _grouped(
    chunks: Chunks, axes: tuple[int, ...], groups: dict[int, int], shape: tuple[int, ...]
) -> tuple[list[Region], Chunks]:
    """Group neighbouring parts: the region of each group, and the chunks of what they become."""
    spans = []
    made = []
    for axis, sizes in enumerate(chunks):
        edges = offsets(sizes)
        count = groups[axis] if axis in axes else 1
        starts = edges[:-1:count]
        stops = [*starts[1:], edges[-1]]
        spans.append(list(zip(starts, stops, strict=True)))
        made.append((shape[axis],) * len(starts) if axis in axes else sizes)
    return list(itertools.product(*spans)), tuple(made)


def coarsen(
    reduction: Callable[..., Any],
    x: Any,
    axes: dict[int, int],
    trim_excess: bool = False,
    **kwargs: Any,
) -> Array:
    """
    Reduce small boxes of neighbouring elements to one each.

    Parameters
    ----------
    reduction : callable
        Such as `numpy.mean`: gets an array and ``axis=``, a tuple.
    x : array_like
        The elements.
    axes : dict
        How long the boxes are, by axis.
    trim_excess : bool, default False
        Whether to leave out elements at the end of an axis that fill no box.
    **kwargs
        Passed on to the function.

    Returns
    -------
    Array
        Shorter along those axes.

    Raises
    ------
    ValueError
        If an axis is not a multiple of its boxes, and `trim_excess` isn't given.

    Examples
    --------
    >>> mc.array.coarsen(np.sum, mc.array.arange(6), {0: 3}).compute()
    array([ 3, 12])
    """
    core = asarray(x)._core
    wrong = [axis for axis in axes if not -core.ndim <= axis < core.ndim]
    if wrong:
        raise ValueError(f"the array has {core.ndim} axes, not an axis {wrong[0]}")
    factors = [1] * core.ndim
    for axis, factor in axes.items():
        if factor < 1:
            raise ValueError(f"boxes must be at least 1 long, not {factor} along axis {axis}")
        factors[axis] = int(factor)
    for axis, (length, factor) in enumerate(zip(core.shape, factors, strict=True)):
        if length % factor and not trim_excess:
            raise ValueError(
                f"axis {axis} has {length} elements, which is no multiple of {factor}: "
                "give trim_excess=True to leave the last ones out"
            )
    chunks = tuple(
        divided(length // factor, ceil(max(sizes, default=1) / factor))
        for length, factor, sizes in zip(core.shape, factors, core.chunks, strict=True)
    )
    regions = [
        tuple(
            (start * factor, stop * factor)
            for (start, stop), factor in zip(region, factors, strict=True)
        )
        for region in bounds(chunks)
    ]
    call = partial(_coarsen, reduction, factors, kwargs)
    dtype = infer(call, [np.zeros(tuple(factors), core.dtype)], {}, "coarsen").dtype
    return _wrap(blocks(call, [core], dtype, chunks, "coarsen", [regions]))


def _coarsen(
    function: Callable[..., Any], factors: list[int], options: dict[str, Any], block: _Numbers
) -> _Numbers:
    shape: list[int] = []
    for length, factor in zip(block.shape, factors, strict=True):
        shape += [length // factor, factor]
    boxes = block.reshape(shape)
    return np.asarray(function(boxes, axis=tuple(range(1, boxes.ndim, 2)), **options))
