"""
Quantiles: exact ones, by NumPy's methods, and approximate ones, by summaries of chunks.

Along some axes, these are made whole in each block, and NumPy does the rest. Over all elements of a
large array, the elements beside each quantile are selected (`manycore.array._selection`).
"""

from __future__ import annotations

import itertools
from functools import partial
from math import ceil, prod

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap, asarray
from manycore.array._elementwise import _write
from manycore.array._nodes import axis_tuple, blocks, bounds, reduced
from manycore.array._selection import select, worthwhile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    _Numbers = np.ndarray[Any, Any]

__all__ = [
    "median",
    "nanmedian",
    "nanpercentile",
    "nanquantile",
    "percentile",
    "quantile",
]

# Elements that stand for a chunk in an approximate quantile.
_SUMMARY = 4096
# Bytes of what is reduced to one; with more of them, no block should hold it.
_LONG = 1 << 28
# Summaries that are merged at a time.
_FAN = 16


def median(
    a: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    keepdims: bool = False,
) -> Any:
    """
    Compute the median.

    Parameters
    ----------
    a : array_like
        The elements.
    axis : int or tuple of int, optional
        Along which axes; all by default.
    out : Array or numpy.ndarray, optional
        What gets the result.
    overwrite_input : bool
        Without meaning for lazy arrays.
    keepdims : bool, default False
        Whether reduced axes stay, with length 1.

    Returns
    -------
    Array
        The medians; NaN where an element is.

    Examples
    --------
    >>> mc.array.median([[1, 2, 9], [4, 5, 7]], axis=1).compute()
    array([2., 5.])
    """
    return _median(np.median, a, axis, out, keepdims, False)


def nanmedian(
    a: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    keepdims: bool = False,
) -> Any:
    """
    Compute the median of the elements that are not NaN.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, out, overwrite_input, keepdims
        As in `median`.

    Returns
    -------
    Array
        The medians; NaN where there is nothing else.

    Examples
    --------
    >>> mc.array.nanmedian([1, np.nan, 9, 4]).compute()
    np.float64(4.0)
    """
    return _median(np.nanmedian, a, axis, out, keepdims, True)


def _quiet(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call NumPy without its warnings of NaN and of nothing."""
    import warnings

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return function(*args, **options)


def _median(
    function: Callable[..., Any], a: Any, axis: Any, out: Any, keepdims: bool, skip: bool
) -> Any:
    core = asarray(a)._core
    axes = axis_tuple(axis, core.ndim)
    dtype = np.asarray(function(np.ones(1, core.dtype))).dtype
    if _selected(core, axes):

        def middle(line: _core.Array) -> _core.Array:
            finish = partial(_middle, line.size, skip, dtype)
            return select(line, _middle_ranks, 2, finish, dtype, ())

        found = _each_line(middle, core, axes, (), keepdims)
    else:
        found = reduced(partial(_quiet, function), core, axes, dtype, "median", keepdims=keepdims)
    return _wrap(found) if out is None else _write(None, found, out)


def _selected(core: _core.Array, axes: tuple[int, ...]) -> bool:
    """Tell whether to select elements, for all of an array or for each of a few long lines."""
    if not worthwhile(core):
        return False
    lines = prod(length for axis, length in enumerate(core.shape) if axis not in axes)
    return lines == 1 or (lines <= 64 and core.size // lines * core.dtype.itemsize > _LONG)


def _each_line(
    of_line: Callable[[_core.Array], _core.Array],
    core: _core.Array,
    axes: tuple[int, ...],
    lead: tuple[int, ...],
    keepdims: bool,
) -> _core.Array:
    """Reduce each line along `axes` by itself, and put the results together."""
    rest = [axis for axis in range(core.ndim) if axis not in axes]
    results = []
    for place in itertools.product(*(range(core.shape[axis]) for axis in rest)):
        at = dict(zip(rest, place, strict=True))
        line = [(at[n], 1, 1) if n in at else (0, 1, core.shape[n]) for n in range(core.ndim)]
        results.append(of_line(core.slice(line)).axes([*range(len(lead)), None]))
    found = _core.Array.concatenate(results, len(lead))
    found = found.reshape((*lead, *(core.shape[axis] for axis in rest)))
    if not keepdims:
        return found
    kept: list[int | None] = [
        len(lead) + rest.index(axis) if axis in rest else None for axis in range(core.ndim)
    ]
    return found.axes([*range(len(lead)), *kept])


def _middle_ranks(count: int) -> _Numbers:
    return np.array([(count - 1) // 2, count // 2])


def _middle(size: int, skip: bool, dtype: np.dtype[Any], pair: _Numbers, count: int) -> _Numbers:
    if count == 0 or (count < size and not skip):
        return np.array(np.nan, dtype)
    return np.asarray(pair.mean(), dtype)


def quantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Any:
    """
    Compute quantiles.

    Parameters
    ----------
    a : array_like
        The elements.
    q : array_like of float
        Which quantiles, from 0 to 1.
    axis : int or tuple of int, optional
        Along which axes; all by default.
    out : Array or numpy.ndarray, optional
        What gets the result.
    overwrite_input : bool
        Without meaning for lazy arrays.
    method : str, default "linear"
        One of NumPy's, which are exact, or ``"approximate"``, for all elements of a large array in
        one pass: 4096 elements stand for each chunk, and for several chunks together. The rank of
        the result among n elements is off by at most (1 + d) n / 4096, where 16 to the power of d
        is no less than the number of chunks: by 0.1 % for up to 4096 chunks.
    keepdims : bool, default False
        Whether reduced axes stay, with length 1.
    weights : array_like, optional
        How often each element counts, for ``method="inverted_cdf"``. The elements and weights are
        then brought into one piece of memory.

    Returns
    -------
    Array
        The quantiles, along first axes if `q` has any; NaN where an element is.

    Examples
    --------
    >>> mc.array.quantile([1, 2, 3, 4, 5], [0.25, 0.9]).compute()
    array([2. , 4.6])
    """
    return _quantile(np.quantile, a, q, axis, out, method, keepdims, weights, False)


def percentile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Any:
    """
    Compute percentiles.

    Parameters
    ----------
    a : array_like
        The elements.
    q : array_like of float
        Which percentiles, from 0 to 100.
    axis, out, overwrite_input, method, keepdims, weights
        As in `quantile`.

    Returns
    -------
    Array
        The percentiles, along first axes if `q` has any; NaN where an element is.

    Examples
    --------
    >>> mc.array.percentile([1, 2, 3, 4, 5], 90).compute()
    np.float64(4.6)
    """
    return _quantile(np.percentile, a, q, axis, out, method, keepdims, weights, False)


def nanquantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Any:
    """
    Compute quantiles of the elements that are not NaN.

    Parameters
    ----------
    a : array_like
        The elements.
    q, axis, out, overwrite_input, method, keepdims, weights
        As in `quantile`.

    Returns
    -------
    Array
        The quantiles, along first axes if `q` has any; NaN where there is nothing else.

    Examples
    --------
    >>> mc.array.nanquantile([1, np.nan, 3], 0.5).compute()
    np.float64(2.0)
    """
    return _quantile(np.nanquantile, a, q, axis, out, method, keepdims, weights, True)


def nanpercentile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Any:
    """
    Compute percentiles of the elements that are not NaN.

    Parameters
    ----------
    a : array_like
        The elements.
    q : array_like of float
        Which percentiles, from 0 to 100.
    axis, out, overwrite_input, method, keepdims, weights
        As in `quantile`.

    Returns
    -------
    Array
        The percentiles, along first axes if `q` has any; NaN where there is nothing else.

    Examples
    --------
    >>> mc.array.nanpercentile([1, np.nan, 3], 50).compute()
    np.float64(2.0)
    """
    return _quantile(np.nanpercentile, a, q, axis, out, method, keepdims, weights, True)


def _quantile(
    function: Callable[..., Any],
    a: Any,
    q: Any,
    axis: Any,
    out: Any,
    method: str,
    keepdims: bool,
    weights: Any,
    skip: bool,
) -> Any:
    core = asarray(a)._core
    axes = axis_tuple(axis, core.ndim)
    q = np.asarray(q) if isinstance(q, Array) else q
    exact = "linear" if method == "approximate" else method
    # NumPy judges the quantiles, the method, and the type.
    one = np.asarray(function(np.ones(1, core.dtype), q, method=exact))
    whole_array = len(axes) == core.ndim
    if weights is not None:
        found = _weighted(function, core, q, axes, exact, keepdims, asarray(weights)._core, one)
    elif method == "approximate" and not whole_array:
        raise ValueError(
            f"method='approximate' is for all elements of an array, not along axis={axis!r}: "
            "leave the method out, or the axis"
        )
    elif _selected(core, axes):
        scale = 100 if function in (np.percentile, np.nanpercentile) else 1
        fractions = np.true_divide(q, scale, dtype=np.float64).reshape(-1)

        def of_line(line: _core.Array) -> _core.Array:
            if method == "approximate":
                return _approximate(line, fractions, skip, one)
            ranks = partial(_neighbours, exact, fractions)
            finish = partial(_interpolated, exact, fractions, line.size, skip, one)
            return select(line, ranks, 2 * len(fractions), finish, one.dtype, one.shape)

        found = _each_line(of_line, core, axes, one.shape, keepdims)
    else:
        call = partial(_on_block, function, q, exact)
        found = reduced(call, core, axes, one.dtype, "quantile", one.shape, keepdims)
    return _wrap(found) if out is None else _write(None, found, out)


def _on_block(
    function: Callable[..., Any], q: Any, method: str, block: _Numbers, **options: Any
) -> Any:
    return _quiet(function, block, q, method=method, **options)


def _weighted(
    function: Callable[..., Any],
    core: _core.Array,
    q: Any,
    axes: tuple[int, ...],
    method: str,
    keepdims: bool,
    weights: _core.Array,
    one: _Numbers,
) -> _core.Array:
    # NumPy judges the weights' shape, with an array that takes no memory.
    like = np.broadcast_to(np.ones((), core.dtype), core.shape)
    if weights.shape != core.shape and weights.ndim != len(axes):
        function(like[:1], q, axis=axes, method=method, weights=np.ones(weights.shape))
    if method != "inverted_cdf":
        function(np.ones(1), q, method=method, weights=np.ones(1))
    rest = [n for axis, n in enumerate(core.shape) if axis not in axes]
    if keepdims:
        rest = [1 if axis in axes else n for axis, n in enumerate(core.shape)]
    chunks = tuple((n,) for n in (*one.shape, *rest))

    def call(block: _Numbers, weight: _Numbers) -> Any:
        return np.asarray(
            _quiet(function, block, q, axis=axes, method=method, keepdims=keepdims, weights=weight)
        )

    return blocks(call, [core, weights], one.dtype, chunks, "quantile", ["all", "all"])


def _virtual(method: str, q: _Numbers, n: int) -> tuple[_Numbers, _Numbers]:
    """Give the rank, from 0, that a quantile falls after, and how far it is to the next one."""
    place = (n - 1) * q
    if method in ("lower", "higher", "nearest"):
        rounding: Any = {"lower": np.floor, "higher": np.ceil, "nearest": np.around}[method]
        return rounding(place), np.zeros_like(q)
    if method == "midpoint":
        return np.floor(place), np.where(place % 1 == 0, 0.0, 0.5)
    if method in _STEPS:
        place = n * q - 1 - (0.5 if method == "closest_observation" else 0)
        floor = np.floor(place)
        part = place - floor
        if method == "averaged_inverted_cdf":
            return floor, np.where(part == 0, 0.5, 1.0)
        stays = part == 0
        if method == "closest_observation":
            stays &= floor % 2 == 1
        return np.where(stays, floor, floor + 1), np.zeros_like(q)
    if method != "linear":
        alpha, beta = _PLOTTING[method]
        place = n * q + (alpha + q * (1 - alpha - beta)) - 1
    floor = np.floor(place)
    return floor, place - floor


_STEPS = ("inverted_cdf", "averaged_inverted_cdf", "closest_observation")
# Of Hyndman and Fan's continuous methods.
_PLOTTING = {
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}


def _neighbours(method: str, q: _Numbers, count: int) -> _Numbers:
    """Give the ranks beside each quantile; those beyond an end are brought to it."""
    floor, _ = _virtual(method, q, count)
    return np.concatenate([floor, floor + 1])


def _interpolated(
    method: str, q: _Numbers, size: int, skip: bool, one: _Numbers, found: _Numbers, count: int
) -> _Numbers:
    """Make quantiles of the elements beside them."""
    if count == 0 or (count < size and not skip):
        return np.full(one.shape, np.nan, one.dtype)
    below, above = found.astype(one.dtype).reshape(2, -1)
    part = _virtual(method, q, count)[1].astype(one.dtype)
    if method in ("lower", "higher", "nearest", "inverted_cdf", "closest_observation"):
        return below.reshape(one.shape)
    with np.errstate(all="ignore"):
        step = above - below
        # From the nearer end, as NumPy does.
        values = np.where(part >= 0.5, above - step * (1 - part), below + step * part)
    made: _Numbers = values.astype(one.dtype).reshape(one.shape)
    return made


def _approximate(core: _core.Array, q: _Numbers, skip: bool, one: _Numbers) -> _core.Array:
    """Merge summaries of the chunks, as a tree: rows of elements and of what each stands for."""
    places = list(bounds(core.chunks))
    summaries = [(2,), (_SUMMARY,)]
    chunks = ((1,) * len(places), *summaries)
    level = blocks(_summary, [core], np.float64, chunks, "summary", [places])
    rows = len(places)
    while rows > 1:
        merged = ceil(rows / _FAN)
        spans = [(_FAN * i, min(_FAN * (i + 1), rows)) for i in range(merged)]
        regions = [((start, stop), (0, 2), (0, _SUMMARY)) for start, stop in spans]
        chunks = ((1,) * merged, *summaries)
        level = blocks(_merged, [level], np.float64, chunks, "summary", [regions])
        rows = merged
    finish = partial(_of_summary, q, core.size, skip, one)
    return blocks(finish, [level], one.dtype, tuple((n,) for n in one.shape), "quantile", ["all"])


def _compressed(values: _Numbers, weights: _Numbers) -> _Numbers:
    """Let at most `_SUMMARY` of sorted elements stand for all, each for the same share."""
    kept = np.zeros((1, 2, _SUMMARY))
    if len(values) <= _SUMMARY:
        kept[0, 0, : len(values)], kept[0, 1, : len(values)] = values, weights
        return kept
    total = weights.sum()
    middles = (np.arange(_SUMMARY) + 0.5) * (total / _SUMMARY)
    kept[0, 0] = values[np.minimum(np.searchsorted(np.cumsum(weights), middles), len(values) - 1)]
    kept[0, 1] = total / _SUMMARY
    return kept


def _summary(block: _Numbers) -> _Numbers:
    values = np.sort(block.reshape(-1))
    if values.dtype.kind == "f":
        values = values[: np.searchsorted(values, np.nan)]
    return _compressed(values.astype(np.float64), np.ones(len(values)))


def _merged(level: _Numbers) -> _Numbers:
    present = level[:, 1] > 0
    values, weights = level[:, 0][present], level[:, 1][present]
    order = np.argsort(values, kind="stable")
    return _compressed(values[order], weights[order])


def _of_summary(q: _Numbers, size: int, skip: bool, one: _Numbers, level: _Numbers) -> _Numbers:
    present = level[0, 1] > 0
    values, weights = level[0, 0][present], level[0, 1][present]
    count = weights.sum()
    if not len(values) or (round(count) < size and not skip):
        return np.full(one.shape, np.nan, one.dtype)
    middles = np.cumsum(weights) - weights / 2
    made: _Numbers = np.interp(q * count, middles, values).astype(one.dtype).reshape(one.shape)
    return made
