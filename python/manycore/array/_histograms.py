"""
Histograms: the counts of chunks, added up.

Each chunk is counted by NumPy itself, with the edges that the whole array has: those of evenly
spaced bins come from the least and the greatest element, which are computed along.
"""

from __future__ import annotations

import builtins
from functools import cache, partial
from math import ceil, nan

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap, _wrap_later, asarray
from manycore.array._elementwise import elementwise
from manycore.array._nan import nanmax, nanmin, nanstd
from manycore.array._nodes import blocks, bounds, cast, constant, moved, section
from manycore.array._quantiles import nanpercentile
from manycore.array._reductions import fold, sum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    _Numbers = np.ndarray[Any, Any]

__all__ = ["bincount", "histogram", "histogram2d", "histogram_bin_edges", "histogramdd"]

_INDEX = np.dtype(np.int64)
_FLOAT = np.dtype(np.float64)


def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Array:
    """
    Count how often each whole number is there.

    Parameters
    ----------
    x : array_like
        Integers of at least 0, along one axis.
    weights : array_like, optional
        How much each one counts.
    minlength : int, default 0
        How many counts there are at least.

    Returns
    -------
    Array
        The counts, of int64, or sums of weights, of float64. The greatest number tells how many;
        it is computed when the shape is first asked for.

    Raises
    ------
    ValueError
        When it is computed, if a number is negative.

    Examples
    --------
    >>> mc.array.bincount([0, 2, 2]).compute()
    array([1, 0, 2])
    """
    core = asarray(x)._core
    given = [core]
    # NumPy judges types and dimensions.
    if weights is None:
        np.bincount(np.empty((0,) * core.ndim, core.dtype), minlength=minlength)
        dtype: np.dtype[Any] = _INDEX
    else:
        given.append(asarray(weights)._core)
        empty = [np.empty((0,) * each.ndim, each.dtype) for each in given]
        np.bincount(empty[0], empty[1], minlength)
        if given[1].shape != core.shape:
            raise ValueError("The weights and list don't have the same length.")
        dtype = _FLOAT

    def make() -> _core.Array:
        length = minlength
        if core.size:
            ends = [core.reduce(kind, [0], core.dtype) for kind in ("minimum", "maximum")]
            least, greatest = _core.compute_arrays(ends)
            if least < 0:
                raise ValueError("'list' argument must have no negative elements")
            length = max(length, int(greatest) + 1)
        call = partial(_bincount, length)
        return _summed(call, given, dtype, (length,), "bincount")

    return _wrap_later(make, dtype, 1)


def _bincount(length: int, *given: _Numbers) -> _Numbers:
    numbers, *weights = given
    return np.bincount(numbers, weights[0] if weights else None, length)[None]


def _summed(
    call: Callable[..., _Numbers],
    given: list[_core.Array],
    dtype: np.dtype[Any],
    shape: tuple[int, ...],
    name: str,
    others: Sequence[_core.Array] = (),
) -> _core.Array:
    """Count chunk by chunk, with `others` whole beside each, and add the counts up."""
    regions = list(bounds(given[0].chunks))
    chunks = ((1,) * len(regions), *((length,) for length in shape))
    places = [regions] * len(given) + ["all"] * len(others)
    counts = blocks(call, [*given, *others], dtype, chunks, name, places)
    return counts.reduce("add", [0], dtype)


def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Array:
    """
    Give the edges of the bins that `histogram` uses.

    Parameters
    ----------
    a, bins, range, weights
        As in `histogram`.

    Returns
    -------
    Array
        The edges, one more than there are bins.

    Examples
    --------
    >>> mc.array.histogram_bin_edges([0, 1, 2, 4], bins=2).compute()
    array([0., 2., 4.])
    """
    return histogram(a, bins, range, weights=weights)[1]


def histogram(
    a: Any, bins: Any = 10, range: Any = None, density: bool | None = None, weights: Any = None
) -> tuple[Array, Array]:
    """
    Count the elements in bins.

    Parameters
    ----------
    a : array_like
        The elements, of any shape.
    bins : int, array_like or str, default 10
        How many bins of equal width; or their edges, which are brought into memory; or one of
        NumPy's rules but ``"stone"``. What a rule needs to know is computed when the shape of the
        result is first asked for.
    range : (float, float), optional
        The ends of the bins; by default the least and the greatest element.
    density : bool, optional
        Whether to scale the counts so that their integral over the bins is 1.
    weights : array_like, optional
        How much each element counts; of the shape of `a`.

    Returns
    -------
    tuple of Array
        The counts, or sums of weights, and the edges of the bins.

    Examples
    --------
    >>> counts, edges = mc.array.histogram([0, 1, 1, 4], bins=2)
    >>> counts.compute(), edges.compute()
    (array([3, 1]), array([0., 2., 4.]))
    """
    core = asarray(a)._core
    if core.dtype == np.bool_:
        core = cast(core, np.dtype(np.uint8))
    given = [core]
    if weights is not None:
        given.append(asarray(weights)._core)
        if given[1].shape != core.shape:
            raise ValueError("weights should have the same shape as a.")
        given[1] = given[1].rechunk(core.chunks)
    bins = bins if isinstance(bins, str) else np.asarray(bins)
    # NumPy judges the bins and the range.
    probe = [np.ones(0, each.dtype) for each in given]
    counted, edges = np.histogram(
        probe[0],
        bins if isinstance(bins, str) or bins.ndim else bins[()],
        range,
        weights=None if weights is None else probe[1],
    )
    if isinstance(bins, str):
        return _by_rule(core, bins, range, density)
    dtype = counted.dtype
    shape = (len(edges) - 1,)
    if bins.ndim or range is not None:
        call = partial(_histogram, bins if bins.ndim else shape[0], range, len(given))
        counts = _summed(call, given, dtype, shape, "histogram")
        return _scaled(_wrap(counts), asarray(edges), density), asarray(edges)
    ends = _ends(core, None)
    made = partial(_even_edges, shape[0], core.dtype)
    # All of them at once, as each edge depends on both ends.
    places = blocks(made, ends, edges.dtype, ((len(edges),),), "edges", ["all", "all"])
    call = partial(_histogram, shape[0], None, len(given))
    counts = _summed(call, given, dtype, shape, "histogram", ends)
    return _scaled(_wrap(counts), _wrap(places), density), _wrap(places)


def _ends(core: _core.Array, range: Any) -> list[_core.Array]:
    """Give the ends of the bins: those given, or those of the elements."""
    if range is not None:
        return [constant(end) for end in range]
    if core.size == 0:
        return [constant(0), constant(1)]
    axes = list(builtins.range(core.ndim))
    return [core.reduce(kind, axes, core.dtype) for kind in ("minimum", "maximum")]


def _even_edges(count: int, dtype: np.dtype[Any], low: _Numbers, high: _Numbers) -> _Numbers:
    ends: Any = (low[()], high[()])
    return np.histogram_bin_edges(np.empty(0, dtype), count, ends)


def _histogram(bins: Any, range: Any, given: int, *arrays: _Numbers) -> _Numbers:
    """Count a chunk: by edges, or by a number of bins between two ends."""
    block, *rest = arrays
    weights = rest[0] if given == 2 else None
    ends: Any = (arrays[-2][()], arrays[-1][()]) if len(arrays) > given else range
    return np.histogram(block, bins, ends, weights=weights)[0][None]


def _scaled(counts: Array, edges: Array, density: bool | None) -> Array:
    """Divide counts by the widths of their bins, and by their sum."""
    if not density:
        return counts
    upper, lower = (
        _wrap(section(edges._core, 0, start, edges.size - 1 + start)) for start in (1, 0)
    )
    width = elementwise(np.subtract, upper, lower)
    scaled = elementwise(np.true_divide, counts, width)
    return elementwise(np.true_divide, scaled, sum(counts))  # type: ignore[no-any-return]


def _by_rule(core: _core.Array, rule: str, range: Any, density: bool | None) -> tuple[Array, Array]:
    """Count in as many bins as a rule makes of the elements, when that is asked for."""
    if rule == "stone":
        raise ValueError(
            "bins='stone' tries many histograms, and is not supported: "
            "use another rule, such as 'auto', or a number of bins"
        )
    dtype = np.result_type(core.dtype, np.float64) if core.dtype.kind in "iu" else core.dtype

    @cache
    def made() -> tuple[Array, Array]:
        low, high = (float(end) for end in _core.compute_arrays(_ends(core, range)))
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError(f"autodetected range of [{low}, {high}] is not finite")
        if low == high:
            low, high = low - 0.5, high + 0.5
        width = _width(core, rule, None if range is None else (low, high))
        if core.dtype.kind in "iu" and width:
            width = max(width, 1)
        count = ceil((high - low) / width) if width else 1
        return histogram(_wrap(core), count, range, density)

    counted = np.dtype(float) if density else _INDEX
    return (
        _wrap_later(lambda: made()[0]._core, counted, 1),
        _wrap_later(lambda: made()[1]._core, dtype, 1),
    )


def _width(core: _core.Array, rule: str, range: tuple[float, float] | None) -> float:
    """Compute the width of bins by a rule of NumPy's, of the elements that lie in a range."""
    if core.size == 0:
        return 0.0
    x = _wrap(core)
    if range is not None:
        inside = elementwise(
            np.logical_and,
            elementwise(np.greater_equal, x, range[0]),
            elementwise(np.less_equal, x, range[1]),
        )
        wide = cast(core, np.result_type(core.dtype, np.float64))
        outside = constant(nan, wide.dtype)
        x = _wrap(_core.Array.map("where", [inside._core, wide, outside], wide.dtype))
    n = int(fold("add", elementwise(np.equal, x, x), None, _INDEX).compute())
    if n == 0:
        return 0.0
    spread = float(elementwise(np.subtract, nanmax(x), nanmin(x)).compute())

    def deviation() -> float:
        return float(nanstd(x).compute())

    def freedman_diaconis() -> float:
        low, high = nanpercentile(x, [25, 75]).compute()
        return float(2 * (high - low) * n ** (-1 / 3))

    if rule == "sqrt":
        return float(spread / np.sqrt(n))
    if rule == "sturges":
        return float(spread / (np.log2(n) + 1))
    if rule == "rice":
        return float(spread / (2 * n ** (1 / 3)))
    if rule == "scott":
        return float((24 * np.pi**0.5 / n) ** (1 / 3) * deviation())
    if rule == "fd":
        return freedman_diaconis()
    if rule == "doane":
        return _doane(x, n, spread, deviation())
    # "auto": a relaxed rule of Freedman and Diaconis, or Sturges', whichever makes more bins.
    relaxed = max(freedman_diaconis(), spread / np.sqrt(n) / 2)
    return float(min(relaxed, spread / (np.log2(n) + 1)))


def _doane(x: Array, n: int, spread: float, deviation: float) -> float:
    """Allow for a skewed distribution."""
    if n <= 2 or deviation <= 0:
        return 0.0
    core = x._core
    number = _core.Array.map("equal", [core, core], np.dtype(bool))
    center = fold("add", x, where=_wrap(number)) / n
    cubes = elementwise(np.power, elementwise(np.subtract, x, center), 3)
    third = float(fold("add", cubes, where=_wrap(number)).compute()) / n
    skewness = abs(third / deviation**3)
    error = np.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)))
    return float(spread / (1 + np.log2(n) + np.log2(1 + skewness / error)))


def histogram2d(
    x: Any,
    y: Any,
    bins: Any = 10,
    range: Any = None,
    density: bool | None = None,
    weights: Any = None,
) -> tuple[Array, Array, Array]:
    """
    Count pairs of elements in rectangular bins.

    Parameters
    ----------
    x, y : array_like
        The elements, along one axis.
    bins : int, array_like, or a pair of these, default 10
        How many bins there are, or their edges; the same for both, or for each.
    range : pair of (float, float), optional
        The ends of the bins; by default the least and the greatest elements.
    density, weights
        As in `histogram`.

    Returns
    -------
    tuple of Array
        The counts, of float64, and the edges of the bins of `x` and of `y`.

    Examples
    --------
    >>> counts, _, _ = mc.array.histogram2d([0, 1, 1], [0, 1, 0], bins=2)
    >>> counts.compute()
    array([[1., 0.],
           [1., 1.]])
    """
    first, second = asarray(x), asarray(y)
    if first.size != second.size:
        raise ValueError("x and y must have the same length.")
    if hasattr(bins, "__len__") and len(bins) not in (1, 2):
        bins = [bins, bins]
    counts, (xedges, yedges) = histogramdd((first, second), bins, range, density, weights)
    return counts, xedges, yedges


def histogramdd(
    sample: Any,
    bins: Any = 10,
    range: Any = None,
    density: bool | None = None,
    weights: Any = None,
) -> tuple[Array, list[Array]]:
    """
    Count points in bins of several dimensions.

    Parameters
    ----------
    sample : array_like, or sequence of array_like
        A row for each point; or an array for each dimension.
    bins : int, or sequence of int or array_like, default 10
        How many bins there are along all dimensions, or along each, or their edges.
    range : sequence of (float, float) or None, optional
        The ends of the bins along each dimension; by default those of the points.
    density, weights
        As in `histogram`; there is a weight for each point.

    Returns
    -------
    Array, list of Array
        The counts, of float64, and the edges of the bins along each dimension.

    Examples
    --------
    >>> counts, edges = mc.array.histogramdd(([0, 1, 1], [0, 1, 0]), bins=(2, 1))
    >>> counts.compute()
    array([[1.],
           [2.]])
    """
    columns = _columns(sample)
    dimensions = len(columns)
    if not hasattr(bins, "__len__"):
        bins = [bins] * dimensions
    elif len(bins) != dimensions:
        raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    ranges = [None] * dimensions if range is None else list(range)
    if len(ranges) != dimensions:
        raise ValueError("range argument must have one entry per dimension")
    edges = [
        _axis_edges(number, column, bins[number], ranges[number])
        for number, column in enumerate(columns)
    ]
    given = [*columns]
    if weights is not None:
        weight = asarray(weights)._core
        if weight.shape != columns[0].shape:
            raise ValueError("The weights and list don't have the same length.")
        given.append(weight.rechunk(columns[0].chunks))
    shape = tuple(edge.size - 1 for edge in edges)
    call = partial(_histogramdd, dimensions, weights is not None)
    counts = _wrap(_summed(call, given, _FLOAT, shape, "histogramdd", edges))
    if density:
        total = sum(counts)
        for number, edge in enumerate(edges):
            size = edge.size
            width = _core.Array.map(
                "subtract", [section(edge, 0, 1, size), section(edge, 0, 0, size - 1)], edge.dtype
            )
            place: list[int | None] = [None] * dimensions
            place[number] = 0
            counts = elementwise(np.true_divide, counts, _wrap(width.axes(place)))
        counts = elementwise(np.true_divide, counts, total)
    return counts, [_wrap(edge) for edge in edges]


def _columns(sample: Any) -> list[_core.Array]:
    """Give the coordinates of points along each dimension, in chunks alike."""
    if isinstance(sample, Array | np.ndarray):
        core = asarray(sample)._core
        if core.ndim == 1:
            return [core]
        if core.ndim != 2:
            raise ValueError(f"sample must have a row for each point, not {core.ndim} axes")
        columns = moved(core, 1, 0)
        cores = [
            section(columns, 0, row, row + 1).axes([1]) for row in builtins.range(core.shape[1])
        ]
    else:
        cores = [asarray(column)._core for column in sample]
        if len({core.shape for core in cores}) > 1 or any(core.ndim != 1 for core in cores):
            shapes = ", ".join(str(core.shape) for core in cores)
            raise ValueError(
                f"the arrays of a sample must be of one axis and equally long: {shapes}"
            )
    return [core.rechunk(cores[0].chunks) for core in cores]


def _axis_edges(number: int, column: _core.Array, bins: Any, range: Any) -> _core.Array:
    """Give the edges of the bins along one dimension."""
    if np.ndim(bins) == 0:
        if not isinstance(bins, int | np.integer):
            raise TypeError(f"`bins[{number}]` must be an integer, when a scalar")
        if bins < 1:
            raise ValueError(f"`bins[{number}]` must be positive, when an integer")
        if range is not None:
            _even_edges(int(bins), np.dtype(float), *(np.asarray(end) for end in range))
        made = partial(_even_edges, int(bins), _FLOAT)
        return blocks(
            made, _ends(column, range), _FLOAT, ((int(bins) + 1,),), "edges", ["all", "all"]
        )
    edges = np.asarray(bins)
    if edges.ndim != 1:
        raise ValueError(f"`bins[{number}]` must be a scalar or 1d array")
    if (edges[:-1] > edges[1:]).any():
        raise ValueError(f"`bins[{number}]` must be monotonically increasing, when an array")
    return _core.Array.from_numpy(edges)


def _histogramdd(dimensions: int, weighted: bool, *arrays: _Numbers) -> _Numbers:
    points = np.stack(arrays[:dimensions], axis=1)
    weights = arrays[dimensions] if weighted else None
    return np.histogramdd(points, list(arrays[dimensions + weighted :]), weights=weights)[0][None]
