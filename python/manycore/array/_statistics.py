"""Statistics made of reductions: weighted averages, moments, covariances."""

from __future__ import annotations

import math

import numpy as np

from manycore import _core
from manycore.array._array import _wrap, asarray
from manycore.array._elementwise import elementwise
from manycore.array._nodes import axis_tuple, cast, constant
from manycore.array._reductions import _result, mean, sum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["average", "corrcoef", "cov", "moment"]


def average(
    a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False
) -> Any:
    """
    Average elements, by weights.

    Parameters
    ----------
    a : array_like
        The elements.
    axis : int or tuple of int, optional
        Along which axes; all by default.
    weights : array_like, optional
        How much each element counts: of the shape of `a`, or of its shape along `axis`.
    returned : bool, default False
        Whether the sums of the weights are wanted too.
    keepdims : bool, default False
        Whether reduced axes stay, with length 1.

    Returns
    -------
    Array or tuple of Array
        The averages, and the sums of weights if `returned`.

    Raises
    ------
    TypeError, ValueError
        If the weights don't fit.
    ZeroDivisionError
        When computed, if the weights sum to zero.

    Examples
    --------
    >>> mc.array.average([1, 2, 3, 4], weights=[4, 3, 2, 1]).compute()
    np.float64(2.0)
    """
    x = asarray(a)
    axes = axis_tuple(axis, x.ndim)
    if weights is None:
        result = mean(x, axes, keepdims=keepdims)
        if not returned:
            return result
        count = math.prod(x.shape[place] for place in axes)
        number = np.full((), count, result.dtype)
        return result, _wrap(_core.Array.full(result.shape, number))
    w = _fitted(asarray(weights), x, axis, axes)
    floor = ("f8",) if x.dtype.kind in "biu" else ()
    dtype = np.result_type(x.dtype, w.dtype, *floor)
    scale = sum(w, axes, dtype, keepdims=keepdims)
    checked = _core.Array.call(_refuse_zero, [scale._core], scale.dtype, "weights")
    scale = _wrap(checked)
    products = elementwise(np.multiply, x, w)
    result = elementwise(np.true_divide, sum(products, axes, dtype, keepdims=keepdims), scale)
    if not returned:
        return result
    return result, _wrap(checked.broadcast_to(result.shape))


def _fitted(weights: Any, x: Any, axis: Any, axes: tuple[int, ...]) -> Any:
    """Give weights the axes of the elements."""
    if weights.shape == x.shape:
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    if weights.shape != tuple(x.shape[place] for place in axes):
        raise ValueError(
            "Shape of weights must be consistent with shape of a along specified axis."
        )
    order: list[int | None] = [None] * x.ndim
    for position, place in enumerate(axes):
        order[place] = position
    return _wrap(weights._core.axes(order).broadcast_to(x.shape))


def _refuse_zero(scale: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if (scale == 0).any():
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    return scale


def moment(
    a: Any,
    order: int,
    axis: Any = None,
    dtype: Any = None,
    keepdims: bool = False,
    ddof: float = 0,
    out: Any = None,
) -> Any:
    """
    Compute a central moment.

    Parameters
    ----------
    a : array_like
        The elements.
    order : int
        Which moment, at least 0.
    axis, dtype, keepdims, out
        As in `mean`.
    ddof : float, default 0
        The sum of powers is divided by the number of elements less this.

    Returns
    -------
    Array
        The means of powers of the deviations from the mean.

    Raises
    ------
    ValueError
        If `order` is not a whole number of at least 0.

    Examples
    --------
    >>> mc.array.moment([1, 2, 6], 3).compute()
    np.float64(6.0)
    """
    if not float(order).is_integer() or order < 0:
        raise ValueError(f"order must be an integer of at least 0, not {order!r}")
    x = asarray(a)
    axes = axis_tuple(axis, x.ndim)
    center = mean(x, axes, dtype, keepdims=True)
    deviation = elementwise(np.subtract, x, center)
    power = elementwise(np.power, deviation, int(order))
    count = math.prod(x.shape[place] for place in axes) - ddof
    total = sum(power, axes, _result(np.mean, x.dtype, dtype), keepdims=keepdims)
    return elementwise(np.true_divide, total, count, out=out)


def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """
    Estimate a covariance matrix.

    Parameters
    ----------
    m : array_like
        Of one or two axes: each row a variable, each column an observation.
    y : array_like, optional
        More variables.
    rowvar : bool, default True
        Whether rows are variables; else columns are.
    bias : bool, default False
        Whether to divide by the number of observations, not by one less.
    ddof : int, optional
        What to subtract from that number instead.
    fweights : array_like of int, optional
        How often each observation counts.
    aweights : array_like, optional
        How much each observation counts.
    dtype : dtype, optional
        To compute in; at least float64 by default.

    Returns
    -------
    Array
        Of two axes, or none for one variable.

    Examples
    --------
    >>> mc.array.cov([[0, 1, 2], [2, 1, 0]]).compute()
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    x, dtype = _variables(m, y, rowvar, dtype)
    if x.shape[0] == 0:
        return _wrap(_core.Array.full((0, 0), np.zeros(())))
    if ddof is None:
        ddof = 0 if bias else 1
    weights, frequencies = _observation_weights(fweights, aweights, x.shape[1])
    if weights is None:
        center = mean(x, 1, keepdims=True)
        freedom = x.shape[1] - ddof
    else:
        center = average(x, 1, weights, keepdims=True)
        total = weights.sum()
        if ddof == 0:
            freedom = total
        elif aweights is None:
            freedom = total - ddof
        else:
            freedom = total - ddof * (weights * frequencies).sum() / total
    deviation = elementwise(np.subtract, x, center)
    other = deviation
    if weights is not None:
        other = elementwise(np.multiply, deviation, weights)
    if other.dtype.kind == "c":
        other = elementwise(np.conjugate, other)
    product = deviation @ _wrap(other._core.axes([1, 0]))
    spread = elementwise(np.true_divide, product, float(max(freedom, 0)))._core
    # As NumPy's `squeeze`: one variable has no axes.
    axes = [axis for axis in range(2) if spread.shape[axis] != 1]
    return _wrap(spread.axes(axes) if len(axes) < 2 else spread)


def _variables(m: Any, y: Any, rowvar: bool, dtype: Any) -> tuple[Any, np.dtype[Any]]:
    """Give a row to each variable."""
    parts = []
    for name, part in (("m", m), ("y", y)):
        if part is None:
            continue
        core = asarray(part)._core
        if core.ndim > 2:
            raise ValueError(f"{name} has more than 2 dimensions")
        parts.append(core)
    wide = np.result_type(*(core.dtype for core in parts), np.float64)
    dtype = wide if dtype is None else np.dtype(dtype)
    rows = []
    for number, core in enumerate(parts):
        core = cast(core, dtype)
        row = core.axes([None] * (2 - core.ndim) + list(range(core.ndim)))
        # One-dimensional variables are rows already, and so is a lone row of `y`.
        if not rowvar and (core.ndim != 1 if number == 0 else row.shape[0] != 1):
            row = row.axes([1, 0])
        rows.append(row)
    if len({row.shape[1] for row in rows}) > 1:
        raise ValueError(
            "all the input array dimensions except for the concatenation axis must match exactly, "
            f"but along dimension 1, the array at index 0 has size {rows[0].shape[1]} "
            f"and the array at index 1 has size {rows[1].shape[1]}"
        )
    joined = rows[0] if len(rows) == 1 else _core.Array.concatenate(rows, 0)
    return _wrap(joined), dtype


def _observation_weights(
    fweights: Any, aweights: Any, count: int
) -> tuple[np.ndarray[Any, Any] | None, np.ndarray[Any, Any] | float]:
    """Check the weights of observations, which are brought into memory: their product, and one."""
    product: Any = None
    second: Any = 1.0
    for name, given in (("fweights", fweights), ("aweights", aweights)):
        if given is None:
            continue
        weights = np.asarray(given, dtype=float)
        if name == "fweights" and not np.all(weights == np.around(weights)):
            raise TypeError("fweights must be integer")
        if weights.ndim > 1:
            raise RuntimeError(f"cannot handle multidimensional {name}")
        if weights.shape[0] != count:
            raise RuntimeError(f"incompatible numbers of samples and {name}")
        if (weights < 0).any():
            raise ValueError(f"{name} cannot be negative")
        product = weights if product is None else product * weights
        second = weights
    return product, second


def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """
    Compute Pearson's correlation coefficients.

    Parameters
    ----------
    x, y, rowvar, dtype
        The variables, as in `cov`.

    Returns
    -------
    Array
        Of two axes, or none for one variable.

    Examples
    --------
    >>> mc.array.corrcoef([[0, 1, 2], [2, 1, 0]]).compute()
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return elementwise(np.true_divide, c, c)
    # The variances stand on the diagonal.
    size = c.shape[0]
    rows, columns = (_core.Array.iota((size, size), axis) for axis in (0, 1))
    diagonal = _core.Array.map("equal", [rows, columns], np.dtype(bool))
    zero = constant(0, c.dtype)
    variances = _core.Array.map("where", [diagonal, c._core, zero], c.dtype)
    spread = sum(_wrap(variances), 0)
    spread = elementwise(np.sqrt, spread.real if spread.dtype.kind == "c" else spread)
    column = _wrap(spread._core.axes([0, None]))
    scaled = elementwise(np.true_divide, elementwise(np.true_divide, c, column), spread)
    if scaled.dtype.kind != "c":
        return elementwise(np.minimum, elementwise(np.maximum, scaled, -1.0), 1.0)
    parts = [
        elementwise(np.minimum, elementwise(np.maximum, part, -1.0), 1.0)
        for part in (scaled.real, scaled.imag)
    ]
    return elementwise(np.add, parts[0], elementwise(np.multiply, parts[1], 1j))
