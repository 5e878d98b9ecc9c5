"""
Reductions that leave NaN out.

Unlike NumPy's, they don't warn when nothing but NaN is left: they are lazy, and the warning would
come from another line than the one that it is about. The results are the same, NaN.
"""

from __future__ import annotations

import math

import numpy as np

from manycore import _core
from manycore.array._array import _wrap, asarray
from manycore.array._elementwise import _write, elementwise
from manycore.array._nodes import axis_tuple, cast, constant
from manycore.array._reductions import (
    _HALF,
    _NONE,
    _SINGLE,
    _numpy_variance,
    _result,
    argmax,
    argmin,
    fold,
    max,
    mean,
    min,
    var,
)
from manycore.array._scans import _without_nan
from manycore.array._shapes import normalize_axis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "nanargmax",
    "nanargmin",
    "nanmax",
    "nanmean",
    "nanmin",
    "nanprod",
    "nanstd",
    "nansum",
    "nanvar",
]


def nansum(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = _NONE,
    where: Any = True,
) -> Any:
    """
    Sum the elements that are not NaN.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, dtype, out, keepdims, initial, where
        As in `sum`.

    Returns
    -------
    Array
        The sums.

    Examples
    --------
    >>> mc.array.nansum([1, np.nan, 3]).compute()
    np.float64(4.0)
    """
    return fold("add", _without_nan(a, 0), axis, dtype, out, keepdims, initial, where)


def nanprod(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = _NONE,
    where: Any = True,
) -> Any:
    """
    Multiply the elements that are not NaN.

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
    >>> mc.array.nanprod([2, np.nan, 3]).compute()
    np.float64(6.0)
    """
    return fold("multiply", _without_nan(a, 1), axis, dtype, out, keepdims, initial, where)


def nanmax(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = _NONE,
    where: Any = True,
) -> Any:
    """
    Find the largest elements that are not NaN.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, out, keepdims, initial, where
        As in `max`.

    Returns
    -------
    Array
        The maxima; NaN where there is nothing else.

    Examples
    --------
    >>> mc.array.nanmax([1, np.nan, 3]).compute()
    np.float64(3.0)
    """
    return _extreme("maximum", a, axis, out, keepdims, initial, where)


def nanmin(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = _NONE,
    where: Any = True,
) -> Any:
    """
    Find the smallest elements that are not NaN.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, out, keepdims, initial, where
        As in `max`.

    Returns
    -------
    Array
        The minima; NaN where there is nothing else.

    Examples
    --------
    >>> mc.array.nanmin([1, np.nan, 3]).compute()
    np.float64(1.0)
    """
    return _extreme("minimum", a, axis, out, keepdims, initial, where)


def _last(kind: str, dtype: np.dtype[Any]) -> Any:
    """Give a value that never is the extreme if there is another one."""
    if dtype.kind in "mM":
        # NaT is the least 64-bit integer.
        ends = np.iinfo(np.int64)
        return np.array(ends.max if kind == "minimum" else ends.min + 1).view(dtype)
    infinity = math.inf if kind == "minimum" else -math.inf
    return np.array(complex(infinity, infinity) if dtype.kind == "c" else infinity, dtype)


def _filled(kind: str, core: _core.Array) -> tuple[_core.Array, _core.Array]:
    """Tell where NaN is, and replace it by what never is the extreme."""
    missing = _core.Array.map("isnan", [core], np.dtype(bool))
    last = constant(_last(kind, core.dtype))
    return missing, _core.Array.map("where", [missing, last, core], core.dtype)


def _extreme(
    kind: str, a: Any, axis: Any, out: Any, keepdims: bool, initial: Any, where: Any
) -> Any:
    core = asarray(a)._core
    if core.dtype.kind not in "fcmM":
        plain = max if kind == "maximum" else min
        return plain(_wrap(core), axis, out, keepdims, initial, where)
    missing, filled = _filled(kind, core)
    found = fold(kind, _wrap(filled), axis, None, None, keepdims, initial, where)._core
    if initial is _NONE:
        none = fold("logical_and", _wrap(missing), axis, None, None, keepdims, _NONE, where)._core
        nothing = constant("NaT" if core.dtype.kind in "mM" else math.nan, core.dtype)
        found = _core.Array.map("where", [none, nothing, found], core.dtype)
    return _wrap(found) if out is None else _write(None, found, out)


def nanmean(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    *,
    where: Any = True,
) -> Any:
    """
    Average the elements that are not NaN.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, dtype, out, keepdims, where
        As in `mean`.

    Returns
    -------
    Array
        The means; NaN where there is nothing else.

    Examples
    --------
    >>> mc.array.nanmean([1, np.nan, 3]).compute()
    np.float64(2.0)
    """
    core = asarray(a)._core
    if core.dtype.kind not in "fc":
        return mean(_wrap(core), axis, dtype, out, keepdims, where=where)
    result = _result(np.mean, core.dtype, dtype)
    working = _SINGLE if result == _HALF else result
    total = fold("add", _without_nan(a, 0), axis, working, None, keepdims, _NONE, where)
    quotient = elementwise(np.true_divide, total, _valid(core, axis, keepdims, where))
    return _write(None, cast(quotient._core, result), out)


def _valid(core: _core.Array, axis: Any, keepdims: bool, where: Any) -> Any:
    """Count what is not NaN."""
    number = _core.Array.map("equal", [core, core], np.dtype(bool))
    return fold("add", _wrap(number), axis, np.dtype(np.int64), None, keepdims, _NONE, where)


def nanvar(
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
    Compute the variance of the elements that are not NaN.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, dtype, out, ddof, keepdims, where, mean, correction
        As in `var`.

    Returns
    -------
    Array
        The variances; NaN where no more than `ddof` elements are left.

    Examples
    --------
    >>> mc.array.nanvar([1, np.nan, 3]).compute()
    np.float64(1.0)
    """
    variance = _variance(a, axis, dtype, ddof, keepdims, where, mean, correction)
    return _write(None, variance, out)


def nanstd(
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
    Compute the standard deviation of the elements that are not NaN.

    Parameters
    ----------
    a : array_like
        The elements.
    axis, dtype, out, ddof, keepdims, where, mean, correction
        As in `var`.

    Returns
    -------
    Array
        The standard deviations; NaN where no more than `ddof` elements are left.

    Examples
    --------
    >>> mc.array.nanstd([1, np.nan, 5]).compute()
    np.float64(2.0)
    """
    variance = _variance(a, axis, dtype, ddof, keepdims, where, mean, correction)
    return _write(None, _core.Array.map("sqrt", [variance], variance.dtype), out)


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
    x = asarray(a)
    core = x._core
    if core.dtype.kind not in "fc":
        plain = var(
            x, axis, dtype, None, ddof, keepdims, where=where, mean=center, correction=correction
        )
        return plain._core  # type: ignore[no-any-return]
    if correction is not _NONE:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        ddof = correction
    wide = _result(np.mean, core.dtype, dtype)
    working = _SINGLE if wide == _HALF else wide
    axes = axis_tuple(axis, core.ndim)
    if center is _NONE:
        center = nanmean(x, axes, working, keepdims=True, where=where)
    deviation = elementwise(np.subtract, _wrap(cast(core, working)), center)
    if deviation.dtype.kind == "c":
        square = elementwise(np.multiply, deviation, elementwise(np.conjugate, deviation)).real
    else:
        square = elementwise(np.multiply, deviation, deviation)
    # An infinite mean makes other NaN, which count.
    valid = _core.Array.map("equal", [core, core], np.dtype(bool))
    zero = constant(0, square.dtype)
    squares = _core.Array.map("where", [valid, square._core, zero], square.dtype)
    total = fold("add", _wrap(squares), axes, None, None, keepdims, _NONE, where)
    freedom = elementwise(np.subtract, _valid(core, axes, keepdims, where), ddof)
    spread = elementwise(np.true_divide, total, freedom)._core
    # Nothing is known of the spread of too few.
    few = elementwise(np.less_equal, freedom, 0)._core
    spread = _core.Array.map("where", [few, constant(math.nan, spread.dtype), spread], spread.dtype)
    return cast(spread, _result(_numpy_variance, core.dtype, dtype))


def nanargmax(a: Any, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
    """
    Find where the largest element is that is not NaN.

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
        If there are no elements; when computed, if there is nothing but NaN.

    Examples
    --------
    >>> mc.array.nanargmax([1, np.nan, 3]).compute()
    np.int64(2)
    """
    return _position("maximum", argmax, a, axis, out, keepdims)


def nanargmin(a: Any, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
    """
    Find where the smallest element is that is not NaN.

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
        If there are no elements; when computed, if there is nothing but NaN.

    Examples
    --------
    >>> mc.array.nanargmin([5, np.nan, 3]).compute()
    np.int64(2)
    """
    return _position("minimum", argmin, a, axis, out, keepdims)


def _position(kind: str, find: Any, a: Any, axis: Any, out: Any, keepdims: bool) -> Any:
    core = asarray(a)._core
    if core.dtype.kind not in "fcmM":
        return find(_wrap(core), axis, out, keepdims=keepdims)
    missing, filled = _filled(kind, core)
    axes = None if axis is None else normalize_axis(axis, core.ndim or 1)
    found = find(_wrap(filled), axes, keepdims=keepdims)._core
    none = fold("logical_and", _wrap(missing), axes, None, None, keepdims)._core
    checked = _core.Array.call(_refuse_nothing, [found, none], found.dtype, "nanarg")
    return _wrap(checked) if out is None else _write(None, checked, out)


def _refuse_nothing(found: np.ndarray[Any, Any], none: np.ndarray[Any, Any]) -> Any:
    if none.any():
        raise ValueError("All-NaN slice encountered")
    return found
