"""
What the families of array functions share: axes, chunk grids, and small steps over core arrays.

A *core* is a `_core.Array`: an expression that nothing has validated but Python, at the line that
built it. These helpers take and give cores; public functions wrap them.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    Chunks = tuple[tuple[int, ...], ...]
    Region = tuple[tuple[int, int], ...]

# A block of less is not worth splitting: a task's own cost would show.
_SMALL_BLOCK = 1 << 20


def axis_tuple(axis: Any, ndim: int) -> tuple[int, ...]:
    """Normalise what `axis=` may be, None for all; NumPy's errors for what it may not."""
    if axis is None:
        return tuple(range(ndim))
    if type(axis) is int and 0 <= axis < ndim:
        return (axis,)
    try:
        return normalize_axis_tuple(axis, ndim)
    except ValueError as error:
        # As reductions put it: `AxisError` is a ValueError too, and says what it should already.
        if isinstance(error, np.exceptions.AxisError):
            raise
        raise ValueError("duplicate value in 'axis'") from None


def reduced_axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """Normalise the axes of a ufunc's reduction: what has no axis is taken to have one."""
    if not ndim and type(axis) is int and axis in (0, -1):
        return ()
    return axis_tuple(axis, ndim)


def cast(core: _core.Array, dtype: np.dtype[Any]) -> _core.Array:
    """Convert the elements, if they are of another type."""
    return core if core.dtype == dtype else _core.Array.map("cast", [core], dtype)


def constant(value: Any, dtype: Any = None) -> _core.Array:
    """Make a 0-d core of a value."""
    return _core.Array.full((), np.asarray(value, dtype))


def keep(core: _core.Array, axes: Iterable[int], ndim: int) -> _core.Array:
    """Put reduced axes back, of length 1."""
    reduced = set(axes)
    rest = itertools.count()
    return core.axes([None if axis in reduced else next(rest) for axis in range(ndim)])


def flat(core: _core.Array) -> _core.Array:
    """Give the elements in C order, along one axis."""
    return core if core.ndim == 1 else core.reshape((core.size,))


def moved(core: _core.Array, source: int, target: int) -> _core.Array:
    """Move one axis to another place."""
    if source == target:
        return core
    order = [axis for axis in range(core.ndim) if axis != source]
    order.insert(target, source)
    return core.axes(order)


def section(core: _core.Array, axis: int, start: int, stop: int, step: int = 1) -> _core.Array:
    """Slice along one axis: as ``range(start, stop, step)``, which must lie within it."""
    steps = [(0, 1, length) for length in core.shape]
    steps[axis] = (start, step, len(range(start, stop, step)))
    return core.slice(steps)


def offsets(sizes: Sequence[int]) -> list[int]:
    """Say where each chunk along an axis starts, and where the last one ends."""
    return [0, *itertools.accumulate(sizes)]


def bounds(chunks: Chunks) -> Iterator[Region]:
    """List the blocks of a grid as regions, in C order."""
    edges = [list(itertools.pairwise(offsets(sizes))) for sizes in chunks]
    return itertools.product(*edges)


def divided(length: int, size: int) -> tuple[int, ...]:
    """Cut an axis into nearly equal chunks of at most `size`."""
    count = max(math.ceil(length / max(size, 1)), 1)
    small, longer = divmod(length, count)
    return (small + 1,) * longer + (small,) * (count - longer)


def whole(core: _core.Array, axes: Iterable[int]) -> _core.Array:
    """
    Rechunk so that no block is cut along `axes`.

    The other axes are cut finer for it, so that blocks stay about as large as they were.
    """
    wanted = set(axes)
    chunks = core.chunks
    if all(len(chunks[axis]) == 1 for axis in wanted):
        return core
    largest = [max(sizes, default=0) for sizes in chunks]
    target = max(math.prod(largest), _SMALL_BLOCK // max(core.dtype.itemsize, 1), 1)
    block = [core.shape[axis] if axis in wanted else largest[axis] for axis in range(core.ndim)]
    rechunked = list(chunks)
    for axis in range(core.ndim):
        if axis in wanted:
            rechunked[axis] = (core.shape[axis],)
            continue
        excess = math.ceil(math.prod(block) / target)
        if excess > 1 and block[axis] > 1:
            block[axis] = max(block[axis] // excess, 1)
            rechunked[axis] = divided(core.shape[axis], block[axis])
    return core.rechunk(tuple(rechunked))


def blocks(
    function: Callable[..., Any],
    inputs: list[_core.Array],
    dtype: Any,
    chunks: Chunks,
    name: str,
    regions: list[Any] | None = None,
) -> _core.Array:
    """Call a NumPy function for each block of one result; by default with the blocks alike."""
    places = ["same"] * len(inputs) if regions is None else regions
    return _core.Array.blocks(function, inputs, places, [(np.dtype(dtype), chunks)], name)[0]


def quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """
    Make a function that doesn't warn of what happens to numbers.

    It would warn when the expression is computed, and on behalf of one chunk; the elementwise
    operations of the core don't warn either.
    """

    def call(*args: Any, **options: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*args, **options)

    return call


def along(
    function: Callable[..., Any], core: _core.Array, axis: int, dtype: Any, name: str
) -> _core.Array:
    """Call a function that needs an axis whole, and keeps the shape, with each block."""
    source = whole(core, [axis])
    return blocks(function, [source], dtype, source.chunks, name)


def reduced(
    function: Callable[..., Any],
    core: _core.Array,
    axes: tuple[int, ...],
    dtype: Any,
    name: str,
    lead: tuple[int, ...] = (),
    keepdims: bool = False,
) -> _core.Array:
    """Call ``function(block, axis=, keepdims=)``, which adds axes in front, with whole `axes`."""
    source = whole(core, axes)
    kept = [
        (1,) if axis in axes else sizes
        for axis, sizes in enumerate(source.chunks)
        if keepdims or axis not in axes
    ]

    def call(block: np.ndarray[Any, Any]) -> Any:
        return np.asarray(function(block, axis=axes, keepdims=keepdims))

    chunks = (*((length,) for length in lead), *kept)
    return blocks(call, [source], dtype, chunks, name, [list(bounds(source.chunks))])
