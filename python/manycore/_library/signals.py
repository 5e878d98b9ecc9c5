"""What slides along something else: interpolation, convolution; products of vectors."""

# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel


def interpolated(x, xp, fp, below, above):
    last = xp.size - 1
    if x != x:
        return x
    if x < xp[0]:
        return below
    if x > xp[last]:
        return above
    low = 0
    high = last + 1
    while high - low > 1:
        middle = (low + high) // 2
        if xp[middle] <= x:
            low = middle
        else:
            high = middle
    if low == last or xp[low] == x:
        return fp[low]
    slope = np.divide(fp[low + 1] - fp[low], xp[low + 1] - xp[low])
    result = slope * (x - xp[low]) + fp[low]
    if result != result:
        result = slope * (x - xp[low + 1]) + fp[low + 1]
        if result != result and fp[low] == fp[low + 1]:
            return fp[low]
    return result


def interp(x, xp, fp, left=None, right=None, period=None):
    if period is not None:
        return interp_of_period(np.asarray(x, np.float64), xp, fp, abs(float(period)))
    places = np.asarray(xp).astype(np.float64)
    values = np.asarray(fp).astype(np.float64)
    if places.size == 0:
        raise ValueError("array of sample points is empty")
    if places.size != values.size:
        raise ValueError("fp and xp are not of the same length.")
    below = values[0] if left is None else np.float64(left)
    above = values[values.size - 1] if right is None else np.float64(right)
    if kernel.is_scalar(x):
        return interpolated(np.float64(x), places, values, below, above)
    wanted = np.asarray(x)
    result = np.empty(wanted.shape, np.float64)
    for place in np.ndindex(wanted.shape):
        result[place] = interpolated(np.float64(wanted[place]), places, values, below, above)
    return result


def interp_of_period(x, xp, fp, period):
    if period == 0:
        raise ValueError("period must be a non-zero value")
    inside = np.asarray(np.asarray(xp) % period)
    order = np.argsort(inside)
    places = inside[order]
    values = np.asarray(fp)[order]
    last = places.size - 1
    around = np.concatenate((places[last:] - period, places, places[:1] + period))
    return np.interp(x % period, around, np.concatenate((values[last:], values, values[:1])))


def slide(longer, shorter, start, result):
    """Of the sums of products at all shifts, those from one on."""
    for i in range(result.size):
        shift = start + i
        total = result.dtype.type(0)
        for k in range(max(0, shift - longer.size + 1), min(shift + 1, shorter.size)):
            total += longer[shift - k] * shorter[k]
        result[i] = total


def shifts(a, v, mode, is_turned):
    """Return the first shift and how many there are: all, as many as the longer, or whole ones."""
    longer = max(a.size, v.size)
    shorter = min(a.size, v.size)
    if shorter == 0:
        raise ValueError("a and v cannot be empty")
    if mode == "full":
        return 0, longer + shorter - 1
    if mode == "same":
        return (shorter // 2 if is_turned else (shorter - 1) // 2), longer
    if mode == "valid":
        return shorter - 1, longer - shorter + 1
    raise ValueError("mode must be one of 'valid', 'same', or 'full'")


def convolve(a, v, mode="full"):
    a = np.asarray(a)
    v = np.asarray(v)
    start, count = shifts(a, v, mode, False)
    result = np.empty(count, kernel.promote(a.dtype, v.dtype))
    slide(a, v, start, result)
    return result


def correlate(a, v, mode="valid"):
    a = np.asarray(a)
    v = np.asarray(v)
    start, count = shifts(a, v, mode, a.size < v.size)
    result = np.empty(count, kernel.promote(a.dtype, v.dtype))
    slide(a, np.asarray(np.conj(v[::-1])), start, result)
    return result


def cross(a, b):
    a = np.asarray(a)
    b = np.asarray(b)
    if a.shape[-1] != 3 or b.shape[-1] != 3:
        raise ValueError("both must be vectors of three numbers")
    kind = kernel.promote(a.dtype, b.dtype)
    if a.ndim == 1 and b.ndim == 1:
        one = np.empty(3, kind)
        for i in range(3):
            k, m = (i + 1) % 3, (i + 2) % 3
            one[i] = a[k] * b[m] - a[m] * b[k]
        return one
    first = np.asarray(a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1])
    result = np.empty((*first.shape, 3), kind)
    result[..., 0] = first
    result[..., 1] = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    result[..., 2] = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return result


def unwrap(p, discont=None, axis=-1, period=2 * np.pi):
    p = np.asarray(p)
    if kernel.is_integer(p.dtype):
        kernel.fail("unwrap of integers")
    half = period / 2
    least = half if discont is None else max(discont, half)
    result = p.copy()
    new = np.moveaxis(result, axis, 0)
    old = np.moveaxis(p, axis, 0)
    for place in np.ndindex(old.shape[1:]):
        shift = p.dtype.type(0)
        for i in range(1, old.shape[0]):
            step = old[(i, *place)] - old[(i - 1, *place)]
            nearest = (step + half) % period - half
            if nearest == -half and step > 0:
                nearest = half
            if abs(step) >= least:
                shift += nearest - step
            new[(i, *place)] = old[(i, *place)] + shift
    return result
