"""Arrays with something round them."""

# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel


def both_of(one):
    """Return what is there for both ends."""
    if kernel.is_scalar(one):
        return one, one
    if len(one) == 1:
        return one[0], one[0]
    return one


def ends_of(given, axis):
    """Return what is there for both ends of an axis: of all of them, if it is given once."""
    if not kernel.is_tuple(given):
        return given, given
    if not kernel.is_tuple(given[0]):
        return both_of(given)
    if len(given) == 1:
        return both_of(given[0])
    return both_of(given[axis])


def source(place, size, mode):
    """Where in an axis what stands at a place outside of it comes from."""
    if mode == "edge":
        return min(max(place, 0), size - 1)
    if mode == "wrap":
        return place % size
    if mode == "symmetric":
        place %= 2 * size
        return place if place < size else 2 * size - 1 - place
    if size == 1:
        return 0
    place %= 2 * size - 2
    return place if place < size else 2 * size - 2 - place


def padded(a, axis, pad_width, mode, constant_values):
    """Pad an array along one axis and those behind it."""
    if axis == a.ndim:
        return a
    before, after = ends_of(pad_width, axis)
    if before < 0 or after < 0:
        raise ValueError("index can't contain negative values")
    turned = np.swapaxes(a, axis, 0)
    size = turned.shape[0]
    if size == 0 and before + after > 0 and mode != "constant" and mode != "empty":
        raise ValueError("can't extend an empty axis using modes other than 'constant' or 'empty'")
    shape = [before + n + after if i == axis else n for i, n in enumerate(a.shape)]
    result = np.empty(shape, a.dtype)
    wide = np.swapaxes(result, axis, 0)
    wide[before : before + size] = turned
    if mode == "constant":
        first, last = ends_of(constant_values, axis)
        wide[:before] = first
        wide[before + size :] = last
    elif mode != "empty":
        for i in range(before):
            wide[i] = turned[source(i - before, size, mode)]
        for i in range(size, size + after):
            wide[before + i] = turned[source(i, size, mode)]
    return padded(result, axis + 1, pad_width, mode, constant_values)


def pad(array, pad_width, mode="constant", constant_values=0):
    if not (
        mode == "constant"
        or mode == "edge"
        or mode == "wrap"
        or mode == "reflect"
        or mode == "symmetric"
        or mode == "empty"
    ):
        kernel.fail(
            "pad() of another mode than 'constant', 'edge', 'empty', 'reflect', 'symmetric', 'wrap'"
        )
    a = np.asarray(array)
    if kernel.is_tuple(pad_width):
        if kernel.is_tuple(pad_width[0]):
            if len(pad_width) != 1 and len(pad_width) != a.ndim:
                raise ValueError("there must be as many pairs of widths as dimensions, or one")
    return padded(a, 0, pad_width, mode, constant_values)
