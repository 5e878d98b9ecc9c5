"""Sums so far, places of extremes, differences, and what is close to what."""

# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel


def range_length(start, stop, step):
    if step > 0:
        return max(0, (stop - start + step - 1) // step)
    return max(0, (start - stop - step - 1) // -step)


def stored(result, out):
    if out is None:
        return result
    out[...] = result
    return out


def of_rows(a, axis, kind, function):
    """Call a function for each row along an axis."""
    moved = np.moveaxis(a, axis, -1)
    result = np.empty(moved.shape[:-1], kind)
    for place in np.ndindex(moved.shape[:-1]):
        result[place] = function(moved[place])
    return result


def accumulated(a, axis, kind, operation):
    if axis is None:
        result = a.ravel().astype(kind)
        for i in range(1, result.size):
            result[i] = operation(result[i - 1], result[i])
        return result
    result = a.astype(kind)
    turned = np.swapaxes(result, axis, 0)
    for i in range(1, turned.shape[0]):
        turned[i] = operation(turned[i - 1], turned[i])
    return result


def cumsum(a, axis=None, dtype=None, out=None):
    a = np.asarray(a)
    kind = np.sum(a.ravel()[:0]).dtype if dtype is None else dtype
    return stored(accumulated(a, axis, kind, lambda total, one: total + one), out)


def cumprod(a, axis=None, dtype=None, out=None):
    a = np.asarray(a)
    kind = np.prod(a.ravel()[:0]).dtype if dtype is None else dtype
    return stored(accumulated(a, axis, kind, lambda total, one: total * one), out)


def nancumsum(a, axis=None, dtype=None, out=None):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return np.cumsum(a, axis, dtype, out)
    return np.cumsum(np.where(np.isnan(a), 0, a), axis, dtype, out)


def nancumprod(a, axis=None, dtype=None, out=None):
    a = np.asarray(a)
    if not kernel.is_float(a.dtype):
        return np.cumprod(a, axis, dtype, out)
    return np.cumprod(np.where(np.isnan(a), 1, a), axis, dtype, out)


def place_of_least(row, sign):
    # The first of equal ones; the first NaN if there is one.
    place = 0
    best = row[0]
    for i in range(row.size):
        one = row[i]
        if one != one:
            return i
        if one < best if sign > 0 else best < one:
            best = one
            place = i
    return place


def argmin(a, axis=None, out=None):
    a = np.asarray(a)
    if axis is None:
        if a.size == 0:
            raise ValueError("attempt to get argmin of an empty sequence")
        return stored(place_of_least(a.ravel(), 1), out)
    if np.moveaxis(a, axis, -1).shape[-1] == 0:
        raise ValueError("attempt to get argmin of an empty sequence")
    return stored(of_rows(a, axis, np.int64, lambda row: place_of_least(row, 1)), out)


def argmax(a, axis=None, out=None):
    a = np.asarray(a)
    if axis is None:
        if a.size == 0:
            raise ValueError("attempt to get argmax of an empty sequence")
        return stored(place_of_least(a.ravel(), -1), out)
    if np.moveaxis(a, axis, -1).shape[-1] == 0:
        raise ValueError("attempt to get argmax of an empty sequence")
    return stored(of_rows(a, axis, np.int64, lambda row: place_of_least(row, -1)), out)


def ptp(a, axis=None, out=None, keepdims=False):
    a = np.asarray(a)
    largest = np.max(a, axis=axis, keepdims=keepdims)
    return stored(largest - np.min(a, axis=axis, keepdims=keepdims), out)


def clip(a, a_min=None, a_max=None, out=None, min=None, max=None):
    least = min if a_min is None else a_min
    largest = max if a_max is None else a_max
    if least is None and largest is None:
        return stored(np.array(a), out)
    if least is None:
        return stored(np.minimum(a, largest), out)
    if largest is None:
        return stored(np.maximum(a, least), out)
    return stored(np.minimum(np.maximum(a, least), largest), out)


def beside(a, axis, one):
    """What stands beside an array along an axis: an array, or a number as often as needed."""
    if not kernel.is_scalar(one):
        return np.asarray(one)
    moved = np.moveaxis(a, axis, 0)
    row = np.empty((1, *moved.shape[1:]), np.asarray(one).dtype)
    row[...] = one
    return np.moveaxis(row, 0, axis)


def diff(a, n=1, axis=-1, prepend=None, append=None):
    a = np.asarray(a)
    if prepend is not None:
        return np.diff(np.concatenate((beside(a, axis, prepend), a), axis), n, axis, None, append)
    if append is not None:
        return np.diff(np.concatenate((a, beside(a, axis, append)), axis), n, axis)
    if n == 0:
        return a
    if n > 1:
        return np.diff(np.diff(a, 1, axis), n - 1, axis)
    moved = np.moveaxis(a, axis, 0)
    if kernel.is_bool(a.dtype):
        steps = np.asarray(moved[1:] != moved[:-1])
    else:
        steps = np.asarray(moved[1:] - moved[:-1])
    return np.moveaxis(steps, 0, axis)


def ediff1d(ary, to_end=None, to_begin=None):
    flat = np.asarray(ary).ravel()
    before = np.zeros(0, flat.dtype) if to_begin is None else np.asarray(to_begin).ravel()
    after = np.zeros(0, flat.dtype) if to_end is None else np.asarray(to_end).ravel()
    steps = max(0, flat.size - 1)
    result = np.empty(before.size + steps + after.size, flat.dtype)
    result[: before.size] = before
    for i in range(steps):
        result[before.size + i] = flat[i + 1] - flat[i]
    result[before.size + steps :] = after
    return result


def gradient(f, spacing=1.0, second=None, third=None, axis=None, edge_order=1):
    f = np.asarray(f)
    if kernel.is_tuple(axis):
        if len(axis) == 1:
            return (gradient_along(f, spacing, axis[0], edge_order),)
        if second is None:
            first = gradient_along(f, spacing, axis[0], edge_order)
            return (first, *np.gradient(f, spacing, axis=axis[1:], edge_order=edge_order))
        first = gradient_along(f, spacing, axis[0], edge_order)
        return (first, *np.gradient(f, second, third, axis=axis[1:], edge_order=edge_order))
    if axis is not None:
        return gradient_along(f, spacing, axis, edge_order)
    if f.ndim == 1:
        return gradient_along(f, spacing, 0, edge_order)
    if f.ndim > 3:
        kernel.fail("gradient along more than 3 axes")
    across = spacing if second is None else second
    one = gradient_along(f, spacing, 0, edge_order)
    two = gradient_along(f, across, 1, edge_order)
    if f.ndim == 2:
        return one, two
    return one, two, gradient_along(f, spacing if third is None else third, 2, edge_order)


def gradient_along(f, spacing, axis, edge_order):
    """Return the second-order differences in the middle, and those of an order at both ends."""
    values = np.moveaxis(f, axis, 0).astype(kernel.floating(f.dtype))
    size = values.shape[0]
    if size < edge_order + 1:
        raise ValueError(
            "Shape of array too small to calculate a numerical gradient, at least"
            " (edge_order + 1) elements are required."
        )
    kind = values.dtype
    last = size - 1
    if kernel.is_scalar(spacing):
        result = np.empty(values.shape, kind)
        result[1:last] = np.divide(values[2:] - values[:-2], 2.0 * spacing)
        if edge_order == 1:
            result[0] = np.divide(values[1] - values[0], spacing)
            result[last] = np.divide(values[last] - values[last - 1], spacing)
        else:
            a, b, c = -1.5 / spacing, 2.0 / spacing, -0.5 / spacing
            result[0] = a * values[0] + b * values[1] + c * values[2]
            a, b, c = 0.5 / spacing, -2.0 / spacing, 1.5 / spacing
            result[last] = a * values[last - 2] + b * values[last - 1] + c * values[last]
        return np.moveaxis(result, 0, axis)
    places = np.asarray(spacing)
    if places.size != size:
        raise ValueError("when 1d, distances must match the length of the corresponding dimension")
    result = np.empty(values.shape, kernel.promote(kind, kernel.floating(places.dtype)))
    for i in range(1, last):
        before = places[i] - places[i - 1]
        after = places[i + 1] - places[i]
        left = np.divide(-after, before * (before + after))
        middle = np.divide(after - before, before * after)
        right = np.divide(before, after * (before + after))
        result[i] = left * values[i - 1] + middle * values[i] + right * values[i + 1]
    if edge_order == 1:
        result[0] = np.divide(values[1] - values[0], places[1] - places[0])
        steps = places[last] - places[last - 1]
        result[last] = np.divide(values[last] - values[last - 1], steps)
    else:
        near = places[1] - places[0]
        far = places[2] - places[1]
        a = np.divide(-(2.0 * near + far), near * (near + far))
        b = np.divide(near + far, near * far)
        c = np.divide(-near, far * (near + far))
        result[0] = a * values[0] + b * values[1] + c * values[2]
        far = places[last - 1] - places[last - 2]
        near = places[last] - places[last - 1]
        a = np.divide(near, far * (far + near))
        b = np.divide(-(near + far), far * near)
        c = np.divide(2.0 * near + far, near * (far + near))
        result[last] = a * values[last - 2] + b * values[last - 1] + c * values[last]
    return np.moveaxis(result, 0, axis)


def trapezoid(y, x=None, dx=1.0, axis=-1):
    moved = np.moveaxis(np.asarray(y), axis, -1)
    if x is None:
        return np.sum(dx * (moved[..., 1:] + moved[..., :-1]) / 2.0, axis=-1)
    places = np.asarray(x)
    if places.ndim == 1:
        steps = places[1:] - places[:-1]
        return np.sum(steps * (moved[..., 1:] + moved[..., :-1]) / 2.0, axis=-1)
    places = np.moveaxis(places, axis, -1)
    steps = places[..., 1:] - places[..., :-1]
    return np.sum(steps * (moved[..., 1:] + moved[..., :-1]) / 2.0, axis=-1)


trapz = trapezoid


def nonzero(a):
    a = np.asarray(a)
    if a.ndim == 0 or a.ndim > 4:
        kernel.fail("nonzero of what has no or more than four dimensions")
    if a.ndim == 1:
        return (np.flatnonzero(a),)
    places = np.argwhere(a)
    if a.ndim == 2:
        return (places[:, 0], places[:, 1])
    if a.ndim == 3:
        return (places[:, 0], places[:, 1], places[:, 2])
    return (places[:, 0], places[:, 1], places[:, 2], places[:, 3])


def flatnonzero(a):
    flat = np.asarray(a).ravel()
    result = np.empty(np.count_nonzero(flat), np.int64)
    count = 0
    for i in range(flat.size):
        if flat[i]:
            result[count] = i
            count += 1
    return result


def argwhere(a):
    a = np.asarray(a)
    result = np.empty((np.count_nonzero(a), a.ndim), np.int64)
    count = 0
    for place in np.ndindex(a.shape):
        if a[place]:
            for k in range(a.ndim):
                result[count, k] = place[k]
            count += 1
    return result


def where(condition):
    return np.nonzero(condition)


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    one = a if kernel.is_scalar(a) else np.asarray(a)
    # Of floating-point numbers: differences of unsigned ones would wrap round.
    two = np.multiply(b if kernel.is_scalar(b) else np.asarray(b), 1.0)
    near = (np.abs(one - two) <= atol + rtol * np.abs(two)) & np.isfinite(two) | (one == two)
    if equal_nan:
        return near | (one != one) & (two != two)
    return near


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    return bool(np.all(np.isclose(a, b, rtol, atol, equal_nan)))


def array_equal(a1, a2, equal_nan=False):
    one = np.asarray(a1)
    two = np.asarray(a2)
    if one.ndim != two.ndim:
        return False
    if one.shape != two.shape:
        return False
    if equal_nan:
        return bool(np.all((one == two) | (one != one) & (two != two)))
    return bool(np.all(one == two))


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    values = x if kernel.is_scalar(x) else np.asarray(x)
    if not kernel.is_float(values.dtype):
        return values
    largest = 3.4028234663852886e38 if values.dtype == np.float32 else 1.7976931348623157e308
    above = largest if posinf is None else posinf
    below = -largest if neginf is None else neginf
    bounded = np.where(values == np.inf, above, np.where(values == -np.inf, below, values))
    return np.where(np.isnan(values), nan, bounded)


def round(a, decimals=0, out=None):
    values = a if kernel.is_scalar(a) else np.asarray(a)
    if kernel.is_bool(values.dtype):
        kernel.fail("round of bool")
    factor = 10.0 ** abs(decimals)
    if kernel.is_integer(values.dtype):
        if decimals >= 0:
            return stored(values.astype(values.dtype), out)
        return stored((np.rint(values / factor) * factor).astype(values.dtype), out)
    if decimals == 0:
        return stored(np.rint(values), out)
    scale = values.dtype.type(factor)
    if decimals > 0:
        return stored(np.rint(values * scale) / scale, out)
    return stored(np.rint(values / scale) * scale, out)


around = round


def copyto(dst, src, where=None):
    if where is None:
        dst[...] = src
    else:
        dst[...] = np.where(where, src, dst)


def apply_along_axis(func1d, axis, arr):
    arr = np.asarray(arr)
    rows = np.moveaxis(arr, axis, -1)
    if rows.size == 0:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    first = func1d(rows[(0,) * (arr.ndim - 1)])
    if not kernel.is_array(first):
        result = np.empty(rows.shape[:-1], np.asarray(first).dtype)
        for place in np.ndindex(rows.shape[:-1]):
            result[place] = func1d(rows[place])
        return result
    results = np.empty((*rows.shape[:-1], np.asarray(first).size), np.asarray(first).dtype)
    for place in np.ndindex(rows.shape[:-1]):
        results[place] = func1d(rows[place])
    return np.moveaxis(results, -1, axis)


def ufunc_fix(x):
    return np.trunc(x)


def ufunc_sinc(x):
    y = np.pi * np.multiply(x, 1.0)
    return np.sin(y) / y if y != 0 else y + 1.0
