"""Arrays put together, taken apart, turned round, and what stands at places of them."""

# ruff: noqa: B905, N803, SIM102, SIM108
# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel
from manycore._library.grids import unravelled

# A call of any of these is compiled where it stands: constants remain constants, and as items of a
# tuple have types of their own, what is done to each of them calls itself for the rest.


def joint_type(arrays):
    if len(arrays) == 1:
        return np.asarray(arrays[0]).dtype
    return kernel.promote(np.asarray(arrays[0]).dtype, joint_type(arrays[1:]))


def of_one_type(arrays, kind):
    if len(arrays) == 0:
        return ()
    return (np.asarray(arrays[0], kind), *of_one_type(arrays[1:], kind))


def each(function, arrays):
    if len(arrays) == 0:
        return ()
    return (function(arrays[0]), *each(function, arrays[1:]))


def concatenate(arrays, axis=0, dtype=None):
    if not kernel.is_tuple(arrays):
        kernel.fail("arrays that are no tuple or list of them")
    if dtype is None:
        kind = joint_type(tuple(arrays))
    else:
        kind = dtype
    if axis is None:
        return np.concatenate(each(np.ravel, tuple(arrays)), 0, kind)
    parts = of_one_type(tuple(arrays), kind)
    first = parts[0]
    if first.ndim == 0:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    total = 0
    for part in parts:
        total += part.shape[axis]
        for i in range(part.ndim):
            if i != axis % first.ndim and np.asarray(part.shape)[i] != np.asarray(first.shape)[i]:
                raise ValueError(
                    "all the input array dimensions except for the concatenation axis must match"
                    " exactly"
                )
    shape = [total if i == axis % first.ndim else size for i, size in enumerate(first.shape)]
    result = np.empty(shape, kind)
    turned = np.swapaxes(result, axis, 0)
    at = 0
    for part in parts:
        size = part.shape[axis]
        turned[at : at + size] = np.swapaxes(part, axis, 0)
        at += size
    return result


def stack(arrays, axis=0):
    return np.concatenate(each(lambda one: np.expand_dims(one, axis), tuple(arrays)), axis)


def atleast_1d(a):
    a = np.asarray(a)
    if a.ndim == 0:
        return a[None]
    return a


def atleast_2d(a):
    a = np.asarray(a)
    if a.ndim == 0:
        return a[None, None]
    if a.ndim == 1:
        return a[None]
    return a


def atleast_3d(a):
    a = np.asarray(a)
    if a.ndim == 0:
        return a[None, None, None]
    if a.ndim == 1:
        return a[None, :, None]
    if a.ndim == 2:
        return a[:, :, None]
    return a


def hstack(arrays):
    rows = each(np.atleast_1d, tuple(arrays))
    if rows[0].ndim == 1:
        return np.concatenate(rows, 0)
    return np.concatenate(rows, 1)


def vstack(arrays):
    return np.concatenate(each(np.atleast_2d, tuple(arrays)), 0)


def dstack(arrays):
    return np.concatenate(each(np.atleast_3d, tuple(arrays)), 2)


def as_column(a):
    one = np.atleast_1d(a)
    if one.ndim == 1:
        return one[:, None]
    return one


def column_stack(arrays):
    return np.concatenate(each(lambda one: as_column(one), tuple(arrays)), 1)


def append(arr, values, axis=None):
    return np.concatenate((np.asarray(arr), np.asarray(values)), axis)


def repeat(a, repeats, axis=None):
    if axis is None:
        return np.repeat(np.ravel(np.asarray(a)), repeats, 0)
    a = np.asarray(a)
    turned = np.swapaxes(a, axis, 0)
    counts = np.broadcast_to(np.asarray(repeats), turned.shape[:1])
    if np.any(counts < 0):
        raise ValueError("repeats may not contain negative values.")
    total = np.sum(counts)
    shape = [total if i == axis % a.ndim else size for i, size in enumerate(a.shape)]
    result = np.empty(shape, a.dtype)
    wide = np.swapaxes(result, axis, 0)
    at = 0
    for i in range(turned.shape[0]):
        for _ in range(counts[i]):
            wide[at] = turned[i]
            at += 1
    return result


def tile(A, reps):
    a = np.asarray(A)
    if not kernel.is_tuple(reps):
        return np.tile(a, (reps,))
    if a.ndim < len(reps):
        return np.tile(a[None], reps)
    if len(reps) < a.ndim:
        return np.tile(a, (1, *reps))
    if a.ndim == 0:
        return a.copy()
    shape = [size * times for size, times in zip(a.shape, reps)]
    result = np.empty(shape, a.dtype)
    for place in np.ndindex(result.shape):
        result[place] = a[tuple([i % size for i, size in zip(place, a.shape)])]
    return result


def flip(m, axis=None):
    m = np.asarray(m)
    if axis is None:
        return m[(slice(None, None, -1),) * m.ndim]
    return m[(slice(None),) * (axis if axis >= 0 else axis + m.ndim) + (slice(None, None, -1),)]


def fliplr(m):
    return np.asarray(m)[:, ::-1]


def flipud(m):
    return np.asarray(m)[::-1]


def roll(a, shift, axis=None):
    a = np.asarray(a)
    if axis is None:
        return np.roll(a.ravel(), shift, 0).reshape(a.shape)
    if kernel.is_tuple(axis):
        if len(axis) == 0:
            return a
        if kernel.is_tuple(shift):
            return np.roll(np.roll(a, shift[0], axis[0]), shift[1:], axis[1:])
        return np.roll(np.roll(a, shift, axis[0]), shift, axis[1:])
    result = np.empty(a.shape, a.dtype)
    old = np.swapaxes(a, axis, 0)
    new = np.swapaxes(result, axis, 0)
    size = old.shape[0]
    if size > 0:
        at = shift % size
        new[at:] = old[: size - at]
        new[:at] = old[size - at :]
    return result


def rot90(m, k=1):
    m = np.asarray(m)
    turns = k % 4
    if turns == 0:
        return m.copy()
    if turns == 1:
        return np.swapaxes(m[:, ::-1], 0, 1).copy()
    if turns == 2:
        return m[::-1, ::-1].copy()
    return np.swapaxes(m, 0, 1)[:, ::-1].copy()


def squeeze(a, axis=None):
    a = np.asarray(a)
    if axis is None:
        kernel.fail("squeeze() without an axis: how many dimensions remain must be known")
    if a.shape[axis] != 1:
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return a[before(a, axis) + (0,)]


def expand_dims(a, axis):
    a = np.asarray(a)
    if kernel.is_tuple(axis):
        return a[new_among_old(tuple(axis), 0, a.ndim + len(axis))]
    return a[(slice(None),) * (axis if axis >= 0 else axis + a.ndim + 1) + (None,)]


def new_among_old(axes, i, ndim):
    """Indices that make new axes at some places, from one on."""
    if i == ndim:
        return ()
    if has(axes, i) or has(axes, i - ndim):
        return (None, *new_among_old(axes, i + 1, ndim))
    return (slice(None), *new_among_old(axes, i + 1, ndim))


def has(numbers, one):
    return len(numbers) > 0 and (numbers[0] == one or has(numbers[1:], one))


def moveaxis(a, source, destination):
    a = np.asarray(a)
    if source < 0:
        return np.moveaxis(a, source + a.ndim, destination)
    if destination < 0:
        return np.moveaxis(a, source, destination + a.ndim)
    if source == destination:
        return a
    if source < destination:
        return np.moveaxis(np.swapaxes(a, source, source + 1), source + 1, destination)
    return np.moveaxis(np.swapaxes(a, source, source - 1), source - 1, destination)


def broadcast_to(array, shape):
    a = np.asarray(array)
    result = np.empty(shape, a.dtype)
    result[...] = a
    return result


def whole(count):
    if count == 0:
        return ()
    return (slice(None), *whole(count - 1))


def before(a, axis):
    """Return the whole of the axes in front of one, as indices."""
    return whole(axis if axis >= 0 else axis + a.ndim)


def section(a, count, i, axis):
    if i == count:
        return ()
    size = a.shape[axis] // count
    more = a.shape[axis] % count
    start = i * size + min(i, more)
    stop = start + size + (1 if i < more else 0)
    return (a[(*before(a, axis), slice(start, stop))], *section(a, count, i + 1, axis))


def piece(a, start, stops, axis):
    if len(stops) == 0:
        return (a[(*before(a, axis), slice(start, None))],)
    return (a[(*before(a, axis), slice(start, stops[0]))], *piece(a, stops[0], stops[1:], axis))


def array_split(ary, indices_or_sections, axis=0):
    a = np.asarray(ary)
    if kernel.is_tuple(indices_or_sections):
        return piece(a, 0, tuple(indices_or_sections), axis)
    return section(a, indices_or_sections, 0, axis)


def split(ary, indices_or_sections, axis=0):
    a = np.asarray(ary)
    if not kernel.is_tuple(indices_or_sections):
        if a.shape[axis] % indices_or_sections != 0:
            raise ValueError("array split does not result in an equal division")
    return np.array_split(a, indices_or_sections, axis)


def take(a, indices, axis=None):
    if axis is None:
        return np.take(np.asarray(a).ravel(), indices, 0)
    a = np.asarray(a)
    if kernel.is_scalar(indices):
        return a[(*before(a, axis), indices)]
    return a[(*before(a, axis), np.asarray(indices))]


def take_along_axis(arr, indices, axis):
    if axis is None:
        return np.take(np.asarray(arr), np.asarray(indices), None)
    result = np.empty(indices.shape, arr.dtype)
    new = np.swapaxes(result, axis, 0)
    places = np.swapaxes(indices, axis, 0)
    old = np.swapaxes(arr, axis, 0)
    if places.shape[1:] != old.shape[1:]:
        raise IndexError("shape mismatch: the indices' other dimensions must be the array's")
    for place in np.ndindex(places.shape):
        new[place] = old[(places[place], *place[1:])]
    return result


def chosen(a, choices, i):
    if len(choices) == 1:
        return choices[0]
    return np.where(a == i, choices[0], chosen(a, choices[1:], i + 1))


def choose(a, choices):
    a = np.asarray(a)
    if np.any(a < 0) or np.any(a >= len(choices)):
        raise ValueError("invalid entry in choice array")
    return np.where(a >= 0, chosen(a, tuple(choices), 0), choices[0])


def select(condlist, choicelist, default=0):
    if len(condlist) == 0:
        return default
    rest = np.select(condlist[1:], choicelist[1:], default)
    return np.where(condlist[0], choicelist[0], rest)


def put(a, ind, v):
    places = np.atleast_1d(ind).ravel()
    values = np.atleast_1d(v).ravel()
    for i in range(places.size):
        place = places[i]
        if place < -a.size or place >= a.size:
            raise IndexError(f"index {place} is out of bounds for axis 0 with size {a.size}")
        a[unravelled(place + a.size if place < 0 else place, a.shape)] = values[i % values.size]


def fill_diagonal(a, val):
    if a.ndim != 2:
        kernel.fail("fill_diagonal of an array that is not of 2 dimensions")
    values = np.atleast_1d(val).ravel()
    for i in range(min(a.shape[0], a.shape[1])):
        a[i, i] = values[i % values.size]
