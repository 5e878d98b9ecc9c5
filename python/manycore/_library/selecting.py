"""Elements picked out of arrays and put into them; arrays of other shapes and orders."""

# ruff: noqa: SIM102
# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel
from manycore._library.joining import each


def extract(condition, arr):
    return np.compress(np.asarray(condition).ravel(), np.asarray(arr).ravel())


def compress(condition, a, axis=None):
    if axis is None:
        return np.compress(condition, np.asarray(a).ravel(), 0)
    a = np.asarray(a)
    wanted = np.flatnonzero(np.asarray(condition))
    if wanted.size > 0 and wanted[wanted.size - 1] >= a.shape[axis]:
        size = a.shape[axis]
        raise IndexError(
            f"index {wanted[wanted.size - 1]} is out of bounds for axis {axis} with size {size}"
        )
    return np.take(a, wanted, axis)


def delete(arr, obj, axis=None):
    if axis is None:
        return np.delete(np.asarray(arr).ravel(), obj, 0)
    a = np.asarray(arr)
    size = a.shape[axis]
    kept = np.ones(size, np.bool_)
    places = np.atleast_1d(obj)
    for i in range(places.size):
        if kernel.is_bool(places.dtype):
            kept[i] = not places[i]
        else:
            kept[place_within(places[i], size, size - 1, axis)] = False
    return np.compress(kept, a, axis)


def place_within(place, size, last, axis):
    """Return a place counted from the front, if it is not beyond the last that there may be."""
    if place < -size or place > last:
        raise IndexError(f"index {place} is out of bounds for axis {axis} with size {size}")
    return place + size if place < 0 else place


def insert(arr, obj, values, axis=None):
    if axis is None:
        return np.insert(np.asarray(arr).ravel(), obj, values, 0)
    a = np.asarray(arr)
    new = np.asarray(values).astype(a.dtype)
    old = np.moveaxis(a, axis, 0)
    size = old.shape[0]
    if kernel.is_scalar(obj):
        at = place_within(obj, size, size, axis)
        # In front of one place may be put a row, or as many as there are in an array of them.
        count = new.shape[0] if new.ndim == a.ndim else 1
        result = np.empty((size + count, *old.shape[1:]), a.dtype)
        result[:at] = old[:at]
        result[at : at + count] = new
        result[at + count :] = old[at:]
        return np.moveaxis(result, 0, axis)
    places = np.atleast_1d(obj)
    order = np.argsort(places)
    result = np.empty((size + places.size, *old.shape[1:]), a.dtype)
    rows = np.broadcast_to(new, (places.size, *old.shape[1:]))
    read = 0
    for k in range(places.size):
        at = place_within(places[order[k]], size, size, axis)
        while read < at:
            result[read + k] = old[read]
            read += 1
        result[read + k] = rows[order[k]]
    result[read + places.size :] = old[read:]
    return np.moveaxis(result, 0, axis)


def put_along_axis(arr, indices, values, axis):
    places = np.swapaxes(np.asarray(indices), axis, 0)
    given = np.swapaxes(np.broadcast_to(np.asarray(values), np.asarray(indices).shape), axis, 0)
    target = np.swapaxes(arr, axis, 0)
    for index in np.ndindex(places.shape):
        target[(places[index], *index[1:])] = given[index]


def place(arr, mask, vals):
    mask = np.asarray(mask)
    values = np.atleast_1d(vals).ravel()
    if mask.size != arr.size:
        raise ValueError("place: mask and data must be the same size")
    flags = mask.reshape(arr.shape)
    count = 0
    for index in np.ndindex(arr.shape):
        if flags[index]:
            if values.size == 0:
                raise ValueError("Cannot insert from an empty array!")
            arr[index] = values[count % values.size]
            count += 1


def putmask(a, mask, values):
    mask = np.asarray(mask)
    given = np.atleast_1d(values).ravel()
    if mask.size != a.size:
        raise ValueError("putmask: mask and data must be the same size")
    flags = mask.reshape(a.shape)
    count = 0
    for index in np.ndindex(a.shape):
        if flags[index] and given.size > 0:
            a[index] = given[count % given.size]
        count += 1


def resize(a, new_shape):
    flat = np.asarray(a).ravel()
    result = np.empty(new_shape, flat.dtype)
    every = result.reshape(-1)
    for i in range(every.size):
        every[i] = flat[i % flat.size] if flat.size > 0 else 0
    return result


def trim_zeros(filt, trim="fb"):
    filt = np.asarray(filt)
    start = 0
    stop = filt.size
    if trim != "b" and trim != "B":
        while start < stop and filt[start] == 0:
            start += 1
    if trim != "f" and trim != "F":
        while stop > start and filt[stop - 1] == 0:
            stop -= 1
    return filt[start:stop]


def vsplit(ary, indices_or_sections):
    if np.asarray(ary).ndim < 2:
        kernel.fail("vsplit of an array of less than 2 dimensions")
    return np.split(ary, indices_or_sections, 0)


def hsplit(ary, indices_or_sections):
    if np.asarray(ary).ndim == 1:
        return np.split(ary, indices_or_sections, 0)
    return np.split(ary, indices_or_sections, 1)


def dsplit(ary, indices_or_sections):
    if np.asarray(ary).ndim < 3:
        kernel.fail("dsplit of an array of less than 3 dimensions")
    return np.split(ary, indices_or_sections, 2)


def row_stack(arrays):
    return np.vstack(arrays)


def longer(one, two):
    """Shapes of one length, with ones in front of the shorter: the first of them."""
    if len(one) < len(two):
        return longer((1, *one), two)
    return one


def common_size(one, two):
    if one != two and one != 1 and two != 1:
        raise ValueError("shape mismatch: objects cannot be broadcast to a single shape")
    return two if one == 1 else one


def common_sizes(one, two):
    if len(one) == 0:
        return ()
    return (common_size(one[0], two[0]), *common_sizes(one[1:], two[1:]))


def common_shape(shapes):
    if len(shapes) == 1:
        return shapes[0]
    rest = common_shape(shapes[1:])
    return common_sizes(longer(shapes[0], rest), longer(rest, shapes[0]))


def as_shape(shape):
    if kernel.is_scalar(shape):
        return (shape,)
    return tuple(shape)


def broadcast_shapes(one, two=(), three=(), four=()):
    return common_shape((as_shape(one), as_shape(two), as_shape(three), as_shape(four)))


def shape_of(array):
    return np.asarray(array).shape


def broadcast_arrays(one, two=None, three=None, four=None):
    if two is None:
        return (np.asarray(one),)
    if three is None:
        return of_shape_of_all((one, two))
    if four is None:
        return of_shape_of_all((one, two, three))
    return of_shape_of_all((one, two, three, four))


def of_shape_of_all(arrays):
    shape = common_shape(each(shape_of, arrays))
    return each(lambda array: np.broadcast_to(array, shape), arrays)


def fit(one, two):
    if len(one) == 0:
        return True
    return (one[0] == two[0] or one[0] == 1 or two[0] == 1) and fit(one[1:], two[1:])


def array_equiv(a1, a2):
    one = np.asarray(a1)
    two = np.asarray(a2)
    if fit(longer(one.shape, two.shape), longer(two.shape, one.shape)):
        return bool(np.all(one == two))
    return False


def asfortranarray(a, dtype=None):
    return np.ascontiguousarray(np.asarray(a, dtype).T).T


def asarray_chkfinite(a, dtype=None):
    result = np.asarray(a, dtype)
    if not np.all(np.isfinite(result)):
        raise ValueError("array must not contain infs or NaNs")
    return result


def rollaxis(a, axis, start=0):
    a = np.asarray(a)
    if axis < 0:
        return np.rollaxis(a, axis + a.ndim, start)
    if start < 0:
        return np.rollaxis(a, axis, start + a.ndim)
    return np.moveaxis(a, axis, start - 1 if axis < start else start)


def matrix_transpose(x):
    return np.swapaxes(x, -1, -2)


def sort_complex(a):
    a = np.asarray(a)
    return np.sort(a.astype(kernel.promote(kernel.floating(a.dtype), np.complex64)))


def vecdot(x1, x2):
    return np.sum(np.conj(np.asarray(x1)) * np.asarray(x2), axis=-1)


def cumulative_sum(x, axis=None, dtype=None):
    if axis is None and np.asarray(x).ndim > 1:
        kernel.fail("cumulative_sum of several dimensions without an axis")
    return np.cumsum(x, axis, dtype)


def cumulative_prod(x, axis=None, dtype=None):
    if axis is None and np.asarray(x).ndim > 1:
        kernel.fail("cumulative_prod of several dimensions without an axis")
    return np.cumprod(x, axis, dtype)


def array_compress(a, condition, axis=None):
    return np.compress(condition, a, axis)
