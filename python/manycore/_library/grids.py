"""Places in arrays: of triangles and diagonals, of grids, and as numbers of elements."""

# ruff: noqa: SIM108
# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel


def tril_indices(n, k=0, m=None):
    if m is None:
        return np.nonzero(np.tri(n, n, k, np.bool_))
    return np.nonzero(np.tri(n, m, k, np.bool_))


def triu_indices(n, k=0, m=None):
    if m is None:
        return np.nonzero(~np.tri(n, n, k - 1, np.bool_))
    return np.nonzero(~np.tri(n, m, k - 1, np.bool_))


def tril_indices_from(arr, k=0):
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return np.tril_indices(arr.shape[0], k, arr.shape[1])


def triu_indices_from(arr, k=0):
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return np.triu_indices(arr.shape[0], k, arr.shape[1])


def diag_indices(n, ndim=2):
    places = np.arange(n)
    return (places,) * ndim


def diag_indices_from(arr):
    if arr.ndim < 2:
        raise ValueError("input array must be at least 2-d")
    for size in arr.shape:
        if size != arr.shape[0]:
            raise ValueError("All dimensions of input must be of equal length")
    return np.diag_indices(arr.shape[0], arr.ndim)


def places_along(one):
    """Places along an axis: as they are, or where there is a True."""
    one = np.asarray(one)
    if one.ndim != 1:
        raise ValueError("Cross index must be 1 dimensional")
    if kernel.is_bool(one.dtype):
        return np.flatnonzero(one)
    return one


def ix_(one, two=None, three=None):
    if two is None:
        return (places_along(one),)
    if three is None:
        return places_along(one)[:, None], places_along(two)[None]
    return (
        places_along(one)[:, None, None],
        places_along(two)[None, :, None],
        places_along(three)[None, None],
    )


def unravel_index(indices, shape):
    if not kernel.is_tuple(shape):
        return np.unravel_index(indices, (shape,))
    size = 1
    for count in shape:
        size *= count
    if kernel.is_scalar(indices):
        if indices < 0 or indices >= size:
            raise ValueError(f"index {indices} is out of bounds for array with size {size}")
        return unravelled(indices, shape)
    places = np.asarray(indices)
    for place in np.ndindex(places.shape):
        if places[place] < 0 or places[place] >= size:
            raise ValueError(f"index {places[place]} is out of bounds for array with size {size}")
    return unravelled(places, shape)


def unravelled(place, shape):
    if len(shape) == 1:
        return (place,)
    size = 1
    for count in shape[1:]:
        size *= count
    return (place // size, *unravelled(place % size, shape[1:]))


def look_at_places(index, size):
    if np.any((np.asarray(index) < 0) | (np.asarray(index) >= size)):
        raise ValueError("invalid entry in coordinates array")


def ravel_multi_index(multi_index, dims):
    if len(multi_index) != len(dims):
        raise ValueError("there must be as many indices as dimensions")
    return ravelled(multi_index, dims, 0)


def ravelled(multi_index, dims, start):
    if len(dims) == 0:
        return start
    one = multi_index[0] if kernel.is_scalar(multi_index[0]) else np.asarray(multi_index[0])
    look_at_places(one, dims[0])
    return ravelled(multi_index[1:], dims[1:], start * dims[0] + one)


def numbers_along(one):
    """Return the numbers of a slice in the language of grids: an imaginary step is how many there are."""
    if one.start is None:
        return numbers_along(slice(0, one.stop, one.step))
    if one.step is None:
        return np.arange(one.start, one.stop)
    if kernel.is_complex(one.step.dtype):
        return np.linspace(one.start, one.stop, int(abs(one.step)))
    return np.arange(one.start, one.stop, one.step)


def along(values, axis, ndim):
    """Return a view of numbers along one of several axes."""
    return values[(None,) * axis + (slice(None),) + (None,) * (ndim - axis - 1)]


def open_grid(index, axis, ndim):
    if axis == ndim:
        return ()
    return (along(numbers_along(index[axis]), axis, ndim), *open_grid(index, axis + 1, ndim))


def ogrid(index):
    if not kernel.is_tuple(index):
        return numbers_along(index)
    return open_grid(index, 0, len(index))


def type_of_all(arrays):
    if len(arrays) == 1:
        return arrays[0].dtype
    return kernel.promote(arrays[0].dtype, type_of_all(arrays[1:]))


def mgrid(index):
    if not kernel.is_tuple(index):
        return numbers_along(index)
    axes = open_grid(index, 0, len(index))
    kind = type_of_all(axes)
    result = np.empty((len(axes), *[one.size for one in axes]), kind)
    return filled(result, axes, 0)


def filled(result, axes, i):
    if i == len(axes):
        return result
    result[i] = axes[i]
    return filled(result, axes, i + 1)
