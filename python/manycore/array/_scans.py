"""
Running sums and the like: ``ufunc.accumulate``, chunk by chunk.

Chunks along the axis are reduced first, side by side; what comes before each chunk is a running
total of these, and the chunk is then accumulated from there. So the elements are read twice, and
nothing but the totals is held in between.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from manycore import _core
from manycore.array._array import _wrap, asarray
from manycore.array._elementwise import _write
from manycore.array._nodes import (
    blocks,
    bounds,
    cast,
    flat,
    offsets,
    quiet,
    section,
    whole,
)
from manycore.array._shapes import normalize_axis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["cumprod", "cumsum", "cumulative_prod", "cumulative_sum", "nancumprod", "nancumsum"]

# Their totals can be taken of chunks first. Others are accumulated along the whole axis at once.
_ASSOCIATIVE = frozenset(
    (
        np.add,
        np.multiply,
        np.maximum,
        np.minimum,
        np.fmax,
        np.fmin,
        np.logical_and,
        np.logical_or,
        np.logical_xor,
        np.bitwise_and,
        np.bitwise_or,
        np.bitwise_xor,
        np.logaddexp,
        np.logaddexp2,
        np.hypot,
        np.gcd,
        np.lcm,
    )
)

_results: dict[Any, np.dtype[Any]] = {}


def accumulate(
    ufunc: np.ufunc, array: Any, axis: int = 0, dtype: Any = None, out: Any = None
) -> Any:
    """
    Accumulate along an axis, as ``ufunc.accumulate`` does.

    Parameters
    ----------
    ufunc : numpy.ufunc
        Of two inputs and one output.
    array : array_like
        The elements.
    axis : int, default 0
        Along which axis.
    dtype : dtype, optional
        To accumulate in; by default what the ufunc's ``accumulate`` has for the elements'.
    out : Array or numpy.ndarray, optional
        What gets the result.

    Returns
    -------
    Array
        Of the shape of `array`.
    """
    core = asarray(array)._core
    if core.ndim == 0:
        raise TypeError("cannot accumulate on a scalar")
    place = normalize_axis(axis, core.ndim)
    key = (ufunc, core.dtype, dtype)
    result = _results.get(key)
    if result is None:
        with np.errstate(all="ignore"):
            one = ufunc.accumulate(np.ones(1, core.dtype), dtype=dtype)
        result = _results[key] = one.dtype
    scanned = _scan(ufunc, core, place, result)
    return _wrap(scanned) if out is None else _write(None, scanned, out)


def _scan(ufunc: np.ufunc, core: _core.Array, axis: int, dtype: np.dtype[Any]) -> _core.Array:
    name = f"{ufunc.__name__}.accumulate"
    if core.size == 0:
        return cast(core, dtype)
    # A ufunc finds the unit of time itself, and takes none.
    loop = dtype.type if dtype.kind in "mM" else dtype
    if 0 in core.chunks[axis]:
        sizes = tuple(size for size in core.chunks[axis] if size)
        core = core.rechunk((*core.chunks[:axis], sizes, *core.chunks[axis + 1 :]))
    if ufunc not in _ASSOCIATIVE or len(core.chunks[axis]) == 1:
        scan = quiet(partial(ufunc.accumulate, axis=axis, dtype=loop))
        core = whole(core, [axis])
        return blocks(scan, [core], dtype, core.chunks, name)
    # The total of each chunk but the last one, and of all before each of them.
    sizes = core.chunks[axis]
    read = section(core, axis, 0, core.shape[axis] - sizes[-1])
    ones = (*core.chunks[:axis], (1,) * (len(sizes) - 1), *core.chunks[axis + 1 :])
    read = read.rechunk((*core.chunks[:axis], sizes[:-1], *core.chunks[axis + 1 :]))
    total = quiet(partial(ufunc.reduce, axis=axis, dtype=loop, keepdims=True))
    totals = whole(blocks(total, [read], dtype, ones, f"{ufunc.__name__}.reduce"), [axis])
    running = quiet(partial(ufunc.accumulate, axis=axis, dtype=loop))
    before = blocks(running, [totals], dtype, totals.chunks, name)
    # The first chunk has nothing before it, and is given an empty region.
    starts = offsets(sizes)
    order = {start: number for number, start in enumerate(starts)}
    regions = []
    for region in bounds(core.chunks):
        number = order[region[axis][0]]
        previous = (number - 1, number) if number else (0, 0)
        regions.append((*region[:axis], previous, *region[axis + 1 :]))
    scan = quiet(partial(_continued, ufunc, axis, loop))
    return blocks(scan, [core, before], dtype, core.chunks, name, ["same", regions])


def _continued(
    ufunc: np.ufunc,
    axis: int,
    dtype: Any,
    block: np.ndarray[Any, Any],
    before: np.ndarray[Any, Any],
) -> np.ndarray[Any, Any]:
    """Accumulate a chunk, from the total of the chunks before it."""
    scanned = ufunc.accumulate(block, axis=axis, dtype=dtype)
    if before.shape[axis]:
        ufunc(before, scanned, out=scanned)
    return scanned


def _cumulated(ufunc: np.ufunc, a: Any, axis: Any, dtype: Any, out: Any) -> Any:
    """Accumulate along one axis, or all elements in C order."""
    x = asarray(a)
    if axis is None or x.ndim == 0:
        if axis is not None:
            normalize_axis(axis, 1)
        x, axis = _wrap(flat(x._core)), 0
    return accumulate(ufunc, x, axis, dtype, out)


def cumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """
    Sum what comes up to each element.

    Parameters
    ----------
    a : array_like
        The elements.
    axis : int, optional
        Along which axis; by default over all elements in C order.
    dtype : dtype, optional
        Of the sums; by default the elements', but 64 bits wide for integers and booleans.
    out : Array or numpy.ndarray, optional
        What gets the result.

    Returns
    -------
    Array
        The running sums.

    Examples
    --------
    >>> mc.array.cumsum([1, 2, 3, 4]).compute()
    array([ 1,  3,  6, 10])
    """
    return _cumulated(np.add, a, axis, dtype, out)


def cumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """
    Multiply what comes up to each element.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, dtype, out
        As in `cumsum`.

    Returns
    -------
    Array
        The running products.

    Examples
    --------
    >>> mc.array.cumprod([1, 2, 3, 4]).compute()
    array([ 1,  2,  6, 24])
    """
    return _cumulated(np.multiply, a, axis, dtype, out)


def cumulative_sum(
    x: Any,
    /,
    *,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    include_initial: bool = False,
) -> Any:
    """
    Sum what comes up to each element, by the array API's name.

    Parameters
    ----------
    x : array_like
        The elements.
    axis : int, optional
        Along which axis; needed if there are several.
    dtype, out
        As in `cumsum`.
    include_initial : bool, default False
        Whether a zero comes first.

    Returns
    -------
    Array
        The running sums.

    Examples
    --------
    >>> mc.array.cumulative_sum([1, 2, 3], include_initial=True).compute()
    array([0, 1, 3, 6])
    """
    return _cumulative(np.add, x, axis, dtype, out, include_initial)


def cumulative_prod(
    x: Any,
    /,
    *,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    include_initial: bool = False,
) -> Any:
    """
    Multiply what comes up to each element, by the array API's name.

    Parameters
    ----------
    x : array_like
        The elements.
    axis, dtype, out
        As in `cumulative_sum`.
    include_initial : bool, default False
        Whether a one comes first.

    Returns
    -------
    Array
        The running products.

    Examples
    --------
    >>> mc.array.cumulative_prod([1, 2, 3], include_initial=True).compute()
    array([1, 1, 2, 6])
    """
    return _cumulative(np.multiply, x, axis, dtype, out, include_initial)


def _cumulative(ufunc: np.ufunc, a: Any, axis: Any, dtype: Any, out: Any, initial: bool) -> Any:
    x = asarray(a)
    if x.ndim == 0:
        x = _wrap(flat(x._core))
    if axis is None:
        if x.ndim > 1:
            raise ValueError(
                "For arrays which have more than one dimension ``axis`` argument is required."
            )
        axis = 0
    if not initial:
        return accumulate(ufunc, x, axis, dtype, out)
    scanned = accumulate(ufunc, x, axis, dtype)._core
    place = normalize_axis(axis, x.ndim)
    shape = (*x.shape[:place], 1, *x.shape[place + 1 :])
    start = _core.Array.full(shape, np.asarray(ufunc.identity, scanned.dtype))
    return _write(None, _core.Array.concatenate([start, scanned], place), out)


def _without_nan(a: Any, value: float) -> Any:
    """Replace NaN by what changes nothing."""
    core = asarray(a)._core
    if core.dtype.kind not in "fc":
        return _wrap(core)
    missing = _core.Array.map("isnan", [core], np.dtype(bool))
    neutral = _core.Array.full((), np.asarray(value, core.dtype))
    return _wrap(_core.Array.map("where", [missing, neutral, core], core.dtype))


def nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """
    Sum what comes up to each element, with NaN as zero.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, dtype, out
        As in `cumsum`.

    Returns
    -------
    Array
        The running sums.

    Examples
    --------
    >>> mc.array.nancumsum([1, np.nan, 3]).compute()
    array([1., 1., 4.])
    """
    return cumsum(_without_nan(a, 0), axis, dtype, out)


def nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """
    Multiply what comes up to each element, with NaN as one.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, dtype, out
        As in `cumsum`.

    Returns
    -------
    Array
        The running products.

    Examples
    --------
    >>> mc.array.nancumprod([2, np.nan, 3]).compute()
    array([2., 2., 6.])
    """
    return cumprod(_without_nan(a, 1), axis, dtype, out)
