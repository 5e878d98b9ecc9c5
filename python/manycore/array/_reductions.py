"""
Reductions: sums, means, variances, extremes, and tests of truth.

Each is one node of the core, with NumPy's accumulator: small integers are summed as 64-bit ones,
and half-precision numbers in single precision. What NumPy would refuse is refused by NumPy itself,
which reduces an array of one element of the same type once, to tell the type of the result.
"""

from __future__ import annotations

import builtins
import math

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap, asarray
from manycore.array._elementwise import _write, elementwise
from manycore.array._nodes import (
    axis_tuple,
    cast,
    constant,
    keep,
    reduced_axes,
)
from manycore.array._shapes import normalize_axis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "all",
    "amax",
    "amin",
    "any",
    "argmax",
    "argmin",
    "count_nonzero",
    "max",
    "mean",
    "min",
    "prod",
    "ptp",
    "std",
    "sum",
    "trace",
    "var",
]

_NONE: Any = object()
_HALF = np.dtype(np.float16)
_SINGLE = np.dtype(np.float32)

_IDENTITY = {"add": 0, "multiply": 1, "logical_and": True, "logical_or": False}

# The dtypes of results, by the reduction, the type of the elements, and `dtype=`.
_results: dict[Any, np.dtype[Any]] = {}


def _result(reduce: Any, given: np.dtype[Any], dtype: Any) -> np.dtype[Any]:
    """Find the dtype of a reduction's result; NumPy's error if there is none."""
    key = (reduce, given, dtype)
    found = _results.get(key)
    if found is None:
        with np.errstate(all="ignore"):
            found = _results[key] = np.asarray(reduce(np.ones(1, given), dtype=dtype)).dtype
    return found


def fold(
    kind: str,
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = _NONE,
    where: Any = True,
) -> Any:
    """Reduce by one of the ufuncs that the core reduces by: what ``ufunc.reduce`` does."""
    core = a._core if type(a) is Array else asarray(a)._core
    ufunc = getattr(np, kind)
    result = _result(ufunc.reduce, core.dtype, dtype)
    axes = reduced_axes(axis, core.ndim)
    if where is not True:
        core = _masked(kind, core, where, initial)
    if kind in ("minimum", "maximum"):
        core = cast(core, result)
        if initial is _NONE:
            _refuse_empty(kind, core, axes)
        elif core.size == 0:
            core = _filled_shape(core, axes, initial, result)
    # Sums of half-precision numbers would lose more than NumPy's do.
    accumulator = _SINGLE if result == _HALF and kind in ("add", "multiply") else result
    folded = core.reduce(kind, axes, accumulator)
    folded = cast(folded, result)
    if keepdims:
        folded = keep(folded, axes, core.ndim)
    if initial is not _NONE:
        start = constant(initial, bool if kind.startswith("logical") else result)
        folded = _core.Array.map(kind, [folded, start], result)
    return _wrap(folded) if out is None else _write(None, folded, out)


def _refuse_empty(kind: str, core: _core.Array, axes: tuple[int, ...]) -> None:
    """Refuse an extreme of no elements."""
    if core.size == 0 and any_empty(core, axes):
        raise ValueError(f"zero-size array to reduction operation {kind} which has no identity")


def any_empty(core: _core.Array, axes: tuple[int, ...]) -> bool:
    """Tell whether nothing is reduced to one."""
    return builtins.any(core.shape[axis] == 0 for axis in axes)


def _filled_shape(
    core: _core.Array, axes: tuple[int, ...], value: Any, dtype: np.dtype[Any]
) -> _core.Array:
    """Give an empty array one element along the reduced axes, for an extreme that has a start."""
    shape = tuple(1 if axis in axes else length for axis, length in enumerate(core.shape))
    return _core.Array.full(shape, np.asarray(value, dtype))


def _masked(kind: str, core: _core.Array, where: Any, initial: Any) -> _core.Array:
    """Replace what `where` leaves out by what changes nothing."""
    mask = asarray(where)._core
    if mask.dtype != np.bool_:
        raise TypeError(
            f"Cannot cast array data from {mask.dtype!r} to dtype('bool') "
            "according to the rule 'safe'"
        )
    if kind.startswith("logical"):
        core = cast(core, np.dtype(bool))
    identity = _IDENTITY.get(kind, initial)
    if identity is _NONE:
        raise ValueError(
            f"reduction operation '{kind}' does not have an identity, "
            "so to use a where mask one has to specify 'initial'"
        )
    # The mask may be broadcast to the array, not the other way round.
    if np.broadcast_shapes(mask.shape, core.shape) != core.shape:
        raise ValueError(
            f"non-broadcastable operand: where has the shape {mask.shape}, "
            f"and the array {core.shape}"
        )
    return _core.Array.map("where", [mask, core, constant(identity, core.dtype)], core.dtype)


def sum(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = _NONE,
    where: Any = True,
) -> Any:
    """
    Sum elements.

    Parameters
    ----------
    a : array_like
        The elements.
    axis : int or tuple of int, optional
        Along which axes; all by default.
    dtype : dtype, optional
        Of the sum; by default the elements', but 64 bits wide for integers and booleans.
    out : Array or numpy.ndarray, optional
        What gets the result.
    keepdims : bool, default False
        Whether reduced axes stay, with length 1.
    initial : scalar, optional
        What the sum starts from.
    where : array_like of bool, optional
        Which elements count.

    Returns
    -------
    Array
        The sums.

    Examples
    --------
    >>> mc.array.sum([[1, 2], [3, 4]], axis=0).compute()
    array([4, 6])
    """
    return fold("add", a, axis, dtype, out, keepdims, initial, where)


def prod(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = _NONE,
    where: Any = True,
) -> Any:
    """
    Multiply elements.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, dtype, out, keepdims, initial, where
        As in `sum`.

    Returns
    -------
    Array
        The products.

    Examples
    --------
    >>> mc.array.prod([1, 2, 3, 4]).compute()
    np.int64(24)
    """
    return fold("multiply", a, axis, dtype, out, keepdims, initial, where)


def max(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = _NONE,
    where: Any = True,
) -> Any:
    """
    Find the largest elements; NaN if there is one.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, out, keepdims
        As in `sum`.
    initial : scalar, optional
        The least that the result can be; needed if there may be no elements.
    where : array_like of bool, optional
        Which elements count.

    Returns
    -------
    Array
        The maxima.

    Raises
    ------
    ValueError
        If there are no elements, and no `initial`.

    Examples
    --------
    >>> mc.array.max([[1, 5], [3, 4]], axis=1).compute()
    array([5, 4])
    """
    return fold("maximum", a, axis, None, out, keepdims, initial, where)


def min(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = _NONE,
    where: Any = True,
) -> Any:
    """
    Find the smallest elements; NaN if there is one.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, out, keepdims, initial, where
        As in `max`.

    Returns
    -------
    Array
        The minima.

    Raises
    ------
    ValueError
        If there are no elements, and no `initial`.

    Examples
    --------
    >>> mc.array.min([[1, 5], [3, 4]], axis=1).compute()
    array([1, 3])
    """
    return fold("minimum", a, axis, None, out, keepdims, initial, where)


amax = max
amin = min


def all(
    a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, *, where: Any = True
) -> Any:
    """
    Tell whether all elements are true.

    Parameters
    ----------
    a : array_like
        The elements; zero is false.
    axis, out, keepdims, where
        As in `sum`.

    Returns
    -------
    Array
        Booleans.

    Examples
    --------
    >>> mc.array.all([[True, False], [True, True]], axis=1).compute()
    array([False,  True])
    """
    return fold("logical_and", a, axis, None, out, keepdims, _NONE, where)


def any(
    a: Any, axis: Any = None, out: Any = None, keepdims: bool = False, *, where: Any = True
) -> Any:
    """
    Tell whether any element is true.

    Parameters
    ----------
    a : array_like
        The elements; zero is false.
    axis, out, keepdims, where
        As in `sum`.

    Returns
    -------
    Array
        Booleans.

    Examples
    --------
    >>> mc.array.any([[True, False], [False, False]], axis=1).compute()
    array([ True, False])
    """
    return fold("logical_or", a, axis, None, out, keepdims, _NONE, where)


def count_nonzero(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """
    Count the elements that are not zero.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, keepdims
        As in `sum`.

    Returns
    -------
    Array
        Of int64.

    Examples
    --------
    >>> mc.array.count_nonzero([0, 3, 0, 4]).compute()
    np.int64(2)
    """
    truth = cast(asarray(a)._core, np.dtype(bool))
    return fold("add", _wrap(truth), axis, np.dtype(np.int64), None, keepdims)


def ptp(a: Any, axis: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    """
    Give the range of values: the maximum less the minimum.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, out, keepdims
        As in `sum`.

    Returns
    -------
    Array
        The ranges.

    Examples
    --------
    >>> mc.array.ptp([3, 1, 8]).compute()
    np.int64(7)
    """
    x = asarray(a)
    low, high = (fold(kind, x, axis, keepdims=keepdims) for kind in ("minimum", "maximum"))
    return elementwise(np.subtract, high, low, out=out)


def mean(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    *,
    where: Any = True,
) -> Any:
    """
    Average elements.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, out, keepdims, where
        As in `sum`.
    dtype : dtype, optional
        To compute in; by default the elements', but float64 for integers and booleans.

    Returns
    -------
    Array
        The means; NaN of no elements.

    Examples
    --------
    >>> mc.array.mean([[1, 2], [3, 4]], axis=0).compute()
    array([2., 3.])
    """
    core = a._core if type(a) is Array else asarray(a)._core
    result = _result(np.mean, core.dtype, dtype)
    axes = axis_tuple(axis, core.ndim)
    if where is not True or result.kind not in "fc" or core.dtype.kind == "m":
        return _divided_sum(core, axes, result, dtype, out, keepdims, where)
    averaged = cast(core.reduce("mean", axes, _SINGLE if result == _HALF else result), result)
    if keepdims:
        averaged = keep(averaged, axes, core.ndim)
    return _wrap(averaged) if out is None else _write(None, averaged, out)


def _divided_sum(
    core: _core.Array,
    axes: tuple[int, ...],
    result: np.dtype[Any],
    dtype: Any,
    out: Any,
    keepdims: bool,
    where: Any,
) -> Any:
    """Average by a sum and a count: of time spans, or of what a mask lets through."""
    x = _wrap(core)
    working: Any = _SINGLE if result == _HALF else result
    if result.kind not in "fc":
        # Time spans, or integers that were asked for.
        working = dtype
    total = fold("add", x, axes, working, None, keepdims, _NONE, where)
    quotient = elementwise(np.true_divide, total, _count(core, axes, keepdims, where))._core
    return _write(None, cast(quotient, result), out)


def _count(core: _core.Array, axes: tuple[int, ...], keepdims: bool, where: Any) -> Any:
    """Count the elements that go into each result."""
    if where is True:
        return math.prod(core.shape[axis] for axis in axes)
    mask = asarray(where)._core.broadcast_to(core.shape)
    return fold("add", _wrap(mask), axes, np.dtype(np.int64), None, keepdims)


def var(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = _NONE,
    correction: Any = _NONE,
) -> Any:
    """
    Compute the variance.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, out, keepdims, where
        As in `sum`.
    dtype : dtype, optional
        To compute in; by default the elements', but float64 for integers and booleans.
    ddof : float, default 0
        The sum of squares is divided by the number of elements less this.
    mean : array_like, optional
        The mean, with axes of length 1 where it was reduced; computed along if it isn't given.
    correction : float, optional
        Another name of `ddof`.

    Returns
    -------
    Array
        The variances; NaN of no elements.

    Examples
    --------
    >>> mc.array.var([1.0, 2.0, 3.0, 4.0], ddof=1).compute()
    np.float64(1.6666666666666667)
    """
    variance = _variance(a, axis, dtype, ddof, keepdims, where, mean, correction)
    return _wrap(variance) if out is None else _write(None, variance, out)


def _variance(
    a: Any,
    axis: Any,
    dtype: Any,
    ddof: Any,
    keepdims: bool,
    where: Any,
    center: Any,
    correction: Any,
) -> _core.Array:
    if correction is not _NONE:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        ddof = correction
    core = a._core if type(a) is Array else asarray(a)._core
    result = _result(_numpy_variance, core.dtype, dtype)
    axes = axis_tuple(axis, core.ndim)
    if where is not True or center is not _NONE or result.kind != "f":
        return _sum_of_squares(core, axes, dtype, result, ddof, keepdims, where, center)
    if core.dtype.kind == "c":
        parts = [_part(core, part) for part in ("real", "imag")]
        real, imaginary = (part.reduce("var", axes, result, float(ddof)) for part in parts)
        spread = _core.Array.map("add", [real, imaginary], result)
    else:
        working = _SINGLE if result == _HALF else result
        spread = cast(core.reduce("var", axes, working, float(ddof)), result)
    return keep(spread, axes, core.ndim) if keepdims else spread


def _numpy_variance(one: np.ndarray[Any, Any], dtype: Any) -> Any:
    return np.var(one, dtype=dtype)


def _part(core: _core.Array, part: str) -> _core.Array:
    """Give the real or the imaginary part of complex numbers."""
    return getattr(_wrap(core), part)._core  # type: ignore[no-any-return]


def _sum_of_squares(
    core: _core.Array,
    axes: tuple[int, ...],
    dtype: Any,
    result: np.dtype[Any],
    ddof: Any,
    keepdims: bool,
    where: Any,
    center: Any,
) -> _core.Array:
    """Compute a variance in two passes: what a mask or a given mean asks for."""
    x = _wrap(core)
    wide = _result(np.mean, core.dtype, dtype)
    working = _SINGLE if wide == _HALF else wide
    if center is _NONE:
        center = mean(x, axes, working, keepdims=True, where=where)
    deviation = elementwise(np.subtract, _wrap(cast(core, working)), center)
    if deviation.dtype.kind == "c":
        square = elementwise(np.multiply, deviation, elementwise(np.conjugate, deviation)).real
    else:
        square = elementwise(np.multiply, deviation, deviation)
    total = fold("add", square, axes, None, None, keepdims, _NONE, where)
    count = _count(core, axes, keepdims, where)
    if isinstance(count, int):
        freedom: Any = builtins.max(count - ddof, 0)
    else:
        freedom = elementwise(np.maximum, elementwise(np.subtract, count, ddof), 0)
    return cast(elementwise(np.true_divide, total, freedom)._core, result)


def std(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = _NONE,
    correction: Any = _NONE,
) -> Any:
    """
    Compute the standard deviation, the square root of the variance.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, dtype, out, ddof, keepdims, where, mean, correction
        As in `var`.

    Returns
    -------
    Array
        The standard deviations; NaN of no elements.

    Examples
    --------
    >>> mc.array.std([[1, 3], [1, 5]], axis=1).compute()
    array([1., 2.])
    """
    variance = _variance(a, axis, dtype, ddof, keepdims, where, mean, correction)
    root = _core.Array.map("sqrt", [variance], variance.dtype)
    return _wrap(root) if out is None else _write(None, root, out)


def argmax(a: Any, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
    """
    Find where the largest element is; the first of several, and the first NaN if there is one.

    Parameters
    ----------
    a : array_like
        The elements.
    axis : int, optional
        Along which axis; by default the index is into the array flattened in C order.
    out, keepdims
        As in `sum`.

    Returns
    -------
    Array
        Indices, of int64.

    Raises
    ------
    ValueError
        If there are no elements.

    Examples
    --------
    >>> mc.array.argmax([[1, 5], [3, 4]], axis=1).compute()
    array([1, 1])
    """
    return _position("argmax", a, axis, out, keepdims)


def argmin(a: Any, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
    """
    Find where the smallest element is; the first of several, and the first NaN if there is one.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, out, keepdims
        As in `argmax`.

    Returns
    -------
    Array
        Indices, of int64.

    Raises
    ------
    ValueError
        If there are no elements.

    Examples
    --------
    >>> mc.array.argmin([[1, 5], [3, 4]], axis=0).compute()
    array([0, 1])
    """
    return _position("argmin", a, axis, out, keepdims)


def _position(kind: str, a: Any, axis: Any, out: Any, keepdims: bool) -> Any:
    core = a._core if type(a) is Array else asarray(a)._core
    axes = tuple(range(core.ndim)) if axis is None else (normalize_axis(axis, core.ndim or 1),)
    if core.size == 0 and any_empty(core, axes):
        raise ValueError(f"attempt to get {kind} of an empty sequence")
    found = constant(0, np.int64)
    if core.ndim:
        found = _ordered(kind, core).reduce(kind, axes, np.dtype(np.int64))
    if keepdims:
        found = keep(found, axes, core.ndim)
    return _wrap(found) if out is None else _write(None, found, out)


def _ordered(kind: str, core: _core.Array) -> _core.Array:
    """Give elements that the core can order, in the same order."""
    if core.dtype == _HALF:
        return cast(core, _SINGLE)
    if core.dtype.kind not in "mM":
        return core
    # Not a time, the least integer, is found before all times.
    times = cast(core, np.dtype(np.int64))
    if kind == "argmin":
        return times
    ends = np.iinfo(np.int64)
    missing = _core.Array.map("equal", [times, constant(ends.min)], np.dtype(bool))
    return _core.Array.map("where", [missing, constant(ends.max), times], times.dtype)


def trace(
    a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None
) -> Any:
    """
    Sum a diagonal.

    Parameters
    ----------
    a : array_like
        At least two axes.
    offset : int, default 0
        Which diagonal: above the main one if positive.
    axis1, axis2 : int, default 0 and 1
        The axes that the diagonal runs along.
    dtype, out
        As in `sum`.

    Returns
    -------
    Array
        The sums, along the last axis of the diagonals.

    Examples
    --------
    >>> mc.array.trace([[1, 2], [3, 4]]).compute()
    np.int64(5)
    """
    from manycore.array._matrices import diagonal

    return fold("add", diagonal(a, offset, axis1, axis2), -1, dtype, out)
