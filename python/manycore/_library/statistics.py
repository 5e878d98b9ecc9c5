"""Spreads, quantiles, what is left without NaN, and what moves together."""

# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel
from manycore._library.basic import of_rows, stored
from manycore._library.quicksort import put_in_place


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    a = np.asarray(a)
    values = np.asarray(a, dtype=kernel.floating(a.dtype) if dtype is None else dtype)
    # A number where that will do: nothing is spread over the array then.
    mean = np.mean(values) if axis is None else np.mean(values, axis=axis, keepdims=True)
    if kernel.is_complex(values.dtype):
        far = values - mean
        total = np.sum(far.real**2 + far.imag**2, axis=axis, keepdims=keepdims)
    else:
        total = np.sum(np.square(values - mean), axis=axis, keepdims=keepdims)
    free = max(0, a.size // max(1, mean.size) - ddof)
    return stored(np.divide(total, values.dtype.type(free).real), out)


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return stored(np.sqrt(np.var(a, axis, dtype, None, ddof, keepdims)), out)


def quantile_of(row, q, method):
    """One quantile: only those values have to have their places that it lies between."""
    values = np.array(row)
    last = values.size - 1
    if last >= 0 and not np.any(values != values):
        low = int(q * last)
        put_in_place(values, low)
        if low < last:
            values[low + 1] = np.min(values[low + 1 :])
        return quantile_of_sorted(values, q, method)
    return values.dtype.type(np.nan)


def quantile_of_sorted(values, q, method):
    """Between the two values that are nearest; NaN if there is one, for it stands at the end."""
    last = values.size - 1
    if last < 0:
        return values.dtype.type(np.nan)
    if values[last] != values[last]:
        return values[last]
    exact = q * last
    if method == "nearest":
        return values[int(np.rint(exact))]
    low = int(exact)
    if method == "lower":
        return values[low]
    if method == "higher":
        return values[int(np.ceil(exact))]
    part = values.dtype.type(exact - low)
    if method == "midpoint":
        part = values.dtype.type(0.5 if part > 0 else 0.0)
    elif method != "linear":
        kernel.fail("quantile() of another method than 'linear' and those of whole places")
    one = values[low]
    two = values[min(low + 1, last)]
    # From the nearer end, so that both ends are met.
    if part < 0.5:
        return one + (two - one) * part
    return two - (two - one) * (1 - part)


def median_of(row):
    size = row.size
    if size == 0 or np.any(row != row):
        return row.dtype.type(np.nan)
    values = np.array(row)
    put_in_place(values, size // 2)
    if size % 2 == 1:
        return values[size // 2]
    return (np.max(values[: size // 2]) + values[size // 2]) / values.dtype.type(2)


def with_axis(result, axis, ndim, keepdims):
    """Return a result along an axis, with a dimension of one for the axis if that is kept."""
    if not keepdims:
        return result
    if axis is None:
        return np.asarray(result)[(None,) * ndim]
    return np.expand_dims(result, axis)


def median(a, axis=None, out=None, keepdims=False):
    a = np.asarray(a)
    kind = kernel.floating(a.dtype)
    values = a.astype(kind)
    if axis is None:
        return stored(with_axis(median_of(values.ravel()), None, a.ndim, keepdims), out)
    result = of_rows(values, axis, kind, median_of)
    return stored(with_axis(result, axis, a.ndim, keepdims), out)


def nanmedian(a, axis=None, out=None, keepdims=False):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return np.median(a, axis, out, keepdims)
    if axis is None:
        return stored(with_axis(median_of(a[~np.isnan(a)]), None, a.ndim, keepdims), out)
    result = of_rows(a, axis, a.dtype, lambda row: median_of(row[~np.isnan(row)]))
    return stored(with_axis(result, axis, a.ndim, keepdims), out)


def look_at(q, most):
    if not (q >= 0 and q <= most):
        if most == 1:
            raise ValueError("Quantiles must be in the range [0, 1]")
        raise ValueError("Percentiles must be in the range [0, 100]")


def quantiles(a, q, most, axis, method, keepdims):
    """Quantiles of an array, parts of the most of them that there can be, as of a hundred."""
    if kernel.is_scalar(q):
        kind = kernel.floating(a.dtype)
        look_at(q, most)
        part = q / most
        values = a.astype(kind)
        if axis is None:
            one = quantile_of(values.ravel(), part, method)
            return with_axis(one, None, a.ndim, keepdims)
        result = of_rows(values, axis, kind, lambda row: quantile_of(row, part, method))
        return with_axis(result, axis, a.ndim, keepdims)
    if keepdims:
        kernel.fail("several quantiles with keepdims")
    parts = np.asarray(q)
    kind = kernel.promote(kernel.floating(a.dtype), kernel.floating(parts.dtype))
    parts = np.asarray(parts, kernel.floating(parts.dtype)).copy()
    for place in np.ndindex(parts.shape):
        look_at(parts[place], most)
        parts[place] /= most
    values = np.sort(a.astype(kind), axis)
    if axis is None:
        result = np.empty(parts.shape, kind)
        for place in np.ndindex(parts.shape):
            result[place] = quantile_of_sorted(values, parts[place], method)
        return result
    moved = np.moveaxis(values, axis, -1)
    results = np.empty(parts.shape + moved.shape[:-1], kind)
    for place in np.ndindex(parts.shape):
        for other in np.ndindex(moved.shape[:-1]):
            results[place + other] = quantile_of_sorted(moved[other], parts[place], method)
    return results


def quantile(a, q, axis=None, method="linear", keepdims=False):
    return quantiles(np.asarray(a), q, 1, axis, method, keepdims)


def percentile(a, q, axis=None, method="linear", keepdims=False):
    return quantiles(np.asarray(a), q, 100, axis, method, keepdims)


def nanquantiles(a, q, most, axis, method):
    if axis is None:
        return quantiles(a[~np.isnan(a)], q, most, None, method, False)
    if not kernel.is_scalar(q):
        kernel.fail("several quantiles along an axis of what may be NaN")
    return of_rows(
        a,
        axis,
        kernel.floating(a.dtype),
        lambda row: quantiles(row[~np.isnan(row)], q, most, None, method, False),
    )


def nanquantile(a, q, axis=None, method="linear"):
    return nanquantiles(np.asarray(a), q, 1, axis, method)


def nanpercentile(a, q, axis=None, method="linear"):
    return nanquantiles(np.asarray(a), q, 100, axis, method)


def average(a, axis=None, weights=None):
    a = np.asarray(a)
    if weights is None:
        return np.mean(a, axis=axis)
    weights = np.asarray(weights)
    kind = kernel.floating(kernel.promote(a.dtype, weights.dtype))
    if axis is not None and weights.ndim == 1 and a.ndim > 1:
        total = weight_of(np.sum(weights, dtype=kind))
        return np.divide(np.sum(np.moveaxis(a, axis, -1) * weights, axis=-1, dtype=kind), total)
    if axis is None:
        total = weight_of(np.sum(weights, dtype=kind))
        return np.divide(np.sum(a * weights, dtype=kind), total)
    totals = np.sum(weights, axis=axis, dtype=kind)
    if np.any(totals == 0):
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    return np.divide(np.sum(a * weights, axis=axis, dtype=kind), totals)


def weight_of(total):
    if total == 0:
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    return total


def nansum(a, axis=None, dtype=None, out=None, keepdims=False):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return stored(np.sum(a, axis=axis, dtype=dtype, keepdims=keepdims), out)
    return stored(
        np.sum(np.where(np.isnan(a), 0, a), axis=axis, dtype=dtype, keepdims=keepdims), out
    )


def nanprod(a, axis=None, dtype=None, out=None, keepdims=False):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return stored(np.prod(a, axis=axis, dtype=dtype, keepdims=keepdims), out)
    return stored(
        np.prod(np.where(np.isnan(a), 1, a), axis=axis, dtype=dtype, keepdims=keepdims), out
    )


def nanmin(a, axis=None, out=None, keepdims=False):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return stored(np.min(a, axis=axis, keepdims=keepdims), out)
    least = np.min(np.where(np.isnan(a), np.inf, a), axis=axis, keepdims=keepdims)
    return stored(np.where(np.all(np.isnan(a), axis=axis, keepdims=keepdims), np.nan, least), out)


def nanmax(a, axis=None, out=None, keepdims=False):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return stored(np.max(a, axis=axis, keepdims=keepdims), out)
    largest = np.max(np.where(np.isnan(a), -np.inf, a), axis=axis, keepdims=keepdims)
    return stored(np.where(np.all(np.isnan(a), axis=axis, keepdims=keepdims), np.nan, largest), out)


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return stored(np.mean(a, axis=axis, dtype=dtype, keepdims=keepdims), out)
    total = np.nansum(a, axis, dtype, None, keepdims)
    count = np.sum(~np.isnan(a), axis=axis, keepdims=keepdims)
    return stored(np.divide(total, count.astype(total.dtype)), out)


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return stored(np.var(a, axis, dtype, None, ddof, keepdims), out)
    far = np.where(np.isnan(a), 0, a - np.nanmean(a, axis, dtype, None, True))
    total = np.sum(far * far, axis=axis, keepdims=keepdims)
    free = np.sum(~np.isnan(a), axis=axis, keepdims=keepdims) - ddof
    return stored(np.divide(total, np.where(free > 0, free, np.nan).astype(total.dtype)), out)


def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return stored(np.sqrt(np.nanvar(a, axis, dtype, None, ddof, keepdims)), out)


def nanargmin(a, axis=None, out=None):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return stored(np.argmin(a, axis), out)
    if np.any(np.all(np.isnan(a), axis=axis)):
        raise ValueError("All-NaN slice encountered")
    return stored(np.argmin(np.where(np.isnan(a), np.inf, a), axis), out)


def nanargmax(a, axis=None, out=None):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return stored(np.argmax(a, axis), out)
    if np.any(np.all(np.isnan(a), axis=axis)):
        raise ValueError("All-NaN slice encountered")
    return stored(np.argmax(np.where(np.isnan(a), -np.inf, a), axis), out)


def variables_of(m, rowvar):
    """Return an array with a variable a row."""
    if m.ndim == 1:
        return m.reshape((1, m.size))
    if rowvar:
        return m
    return m.T


def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None):
    one = np.asarray(m)
    rows = variables_of(one, rowvar)
    if y is None:
        values = rows.astype(kernel.promote(np.float64, one.dtype))
    else:
        two = np.asarray(y)
        others = variables_of(two, rowvar)
        count = rows.shape[0]
        kind = kernel.promote(np.float64, kernel.promote(one.dtype, two.dtype))
        values = np.empty((count + others.shape[0], rows.shape[1]), kind)
        values[:count] = rows
        values[count:] = others
    less = (0.0 if bias else 1.0) if ddof is None else float(ddof)
    if fweights is None and aweights is None:
        far = np.asarray(values - np.mean(values, axis=1, keepdims=True))
        other = far
        free = max(0.0, values.shape[1] - less)
    else:
        ones = np.ones(values.shape[1])
        times = ones if fweights is None else np.asarray(fweights)
        shares = ones if aweights is None else np.asarray(aweights)
        weights = np.asarray(times * shares)
        total = weight_of(np.sum(weights))
        far = np.asarray(values - np.sum(values * weights, axis=1)[:, None] / total)
        other = np.asarray(far * weights)
        free = max(0.0, total - less * np.sum(weights * shares) / total)
    if one.ndim == 1 and y is None:
        return np.divide(np.sum(other[0] * np.conj(far[0])), free)
    return np.divide(np.dot(other, np.conj(far.T)), free)


def corrcoef(x, y=None, rowvar=True):
    together = np.cov(x, y, rowvar)
    if together.ndim == 0:
        return np.divide(together, together)
    spread = np.sqrt(np.asarray([together[i, i].real for i in range(together.shape[0])]))
    result = together.copy()
    for i in range(spread.size):
        for k in range(spread.size):
            one = np.divide(np.divide(together[i, k], spread[i]), spread[k])
            result[i, k] = np.minimum(np.maximum(one, -1), 1)
    return result
