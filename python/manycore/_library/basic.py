"""Sums so far, places of extremes, spreads."""

# ruff: noqa: D103, ANN001, ANN201, FBT002
# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel


def range_length(start, stop, step):
    if step > 0:
        return max(0, (stop - start + step - 1) // step)
    return max(0, (start - stop - step - 1) // -step)


def cumsum(a, axis=None, dtype=None):
    a = np.asarray(a)
    if dtype is None:
        if kernel.is_integer(a.dtype) or kernel.is_bool(a.dtype):
            kind = np.sum(a[:0]).dtype
        else:
            kind = a.dtype
    else:
        kind = dtype
    if axis is None:
        flat = a.ravel()
        result = np.empty(flat.size, kind)
        total = kind(0)
        for i in range(flat.size):
            total += flat[i]
            result[i] = total
        return result
    result = a.astype(kind)
    turned = np.swapaxes(result, axis, 0)
    for i in range(1, turned.shape[0]):
        turned[i] = turned[i] + turned[i - 1]
    return result


def argmin(a, axis=None):
    a = np.asarray(a)
    if axis is None:
        flat = a.ravel()
        if flat.size == 0:
            raise ValueError("attempt to get argmin of an empty sequence")
        place = 0
        best = flat[0]
        for i in range(1, flat.size):
            if flat[i] < best or (flat[i] != flat[i] and best == best):
                best = flat[i]
                place = i
        return place
    kernel.fail("argmin with an axis")
