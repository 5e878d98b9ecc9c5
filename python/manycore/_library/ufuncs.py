"""The methods of NumPy's functions of two numbers: ``np.add.at`` and the like."""

# ruff: noqa: D103
# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel


def ufunc_method_reduce(operation, array, axis=0, dtype=None):
    a = np.asarray(array)
    if dtype is not None:
        a = a.astype(dtype)
    if axis is None:
        a = a.ravel()
    if a.size == 0:
        raise ValueError("zero-size array to reduction operation which has no identity")
    if a.ndim == 1:
        total = operation(a[0], a[0])
        total = a[0]
        for i in range(1, a.size):
            total = operation(total, a[i])
        return total
    moved = np.moveaxis(a, axis, 0)
    result = np.asarray(operation(moved[0], moved[0]))
    result[...] = moved[0]
    for i in range(1, moved.shape[0]):
        result[...] = operation(result, moved[i])
    return result


def ufunc_method_accumulate(operation, array, axis=0, dtype=None, out=None):
    a = np.asarray(array)
    kind = operation(a, a).dtype if dtype is None else dtype
    result = a.astype(kind)
    turned = np.swapaxes(result, axis, 0)
    for i in range(1, turned.shape[0]):
        turned[i] = operation(turned[i - 1], turned[i])
    if out is None:
        return result
    out[...] = result
    return out


def ufunc_method_outer(operation, a, b):
    one = np.asarray(a)
    two = np.asarray(b)
    left = one.reshape((*one.shape, *each_is_one(two.shape)))
    return np.asarray(operation(left, two))


def each_is_one(shape):
    if len(shape) == 0:
        return ()
    return (1, *each_is_one(shape[1:]))


def ufunc_method_at(operation, a, indices, b):
    if kernel.is_tuple(indices) and not kernel.is_list(indices):
        first = np.asarray(indices[0])
        if kernel.is_scalar(b):
            for i in range(first.size):
                place = at_each(indices, i)
                a[place] = operation(a[place], b)
        else:
            values = np.asarray(b)
            for i in range(first.size):
                place = at_each(indices, i)
                a[place] = operation(a[place], values[i])
    elif kernel.is_scalar(indices):
        a[indices] = operation(a[indices], b)
    else:
        places = np.asarray(indices)
        if kernel.is_bool(places.dtype):
            places = np.flatnonzero(places)
        if kernel.is_scalar(b):
            for i in range(places.size):
                a[places[i]] = operation(a[places[i]], b)
        else:
            values = np.asarray(b)
            if values.ndim == a.ndim - 1:
                for i in range(places.size):
                    a[places[i]] = operation(a[places[i]], values)
            else:
                if values.shape[0] != places.size:
                    raise ValueError("array is not broadcastable to correct shape")
                for i in range(places.size):
                    a[places[i]] = operation(a[places[i]], values[i])


def at_each(indices, i):
    if len(indices) == 0:
        return ()
    return (np.asarray(indices[0])[i], *at_each(indices[1:], i))


def ufunc_method_reduceat(operation, array, indices, axis=0):
    a = np.asarray(array)
    if a.ndim != 1:
        kernel.fail("reduceat of an array that is not of 1 dimension")
    places = np.asarray(indices)
    result = np.empty(places.size, operation(a, a).dtype)
    for i in range(places.size):
        start = places[i]
        stop = places[i + 1] if i + 1 < places.size else a.size
        total = a[start]
        for j in range(start + 1, stop):
            total = operation(total, a[j])
        result[i] = total
    return result
