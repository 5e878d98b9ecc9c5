"""Arrays as sets."""

# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel
from manycore._library.sorting import place_in


def isin(element, test_elements, assume_unique=False, invert=False):
    values = np.sort(np.asarray(test_elements), None)
    if kernel.is_scalar(element):
        place = place_in(values, element, False)
        return (place < values.size and values[place] == element) != invert
    elements = np.asarray(element)
    result = np.empty(elements.shape, np.bool_)
    for index in np.ndindex(elements.shape):
        one = elements[index]
        place = place_in(values, one, False)
        result[index] = (place < values.size and values[place] == one) != invert
    return result


def in1d(ar1, ar2, assume_unique=False, invert=False):
    return np.isin(np.ravel(np.asarray(ar1)), ar2, assume_unique, invert)


def as_set(values, is_set):
    return np.asarray(values).ravel() if is_set else np.unique(np.asarray(values))


def union1d(ar1, ar2):
    return np.unique(np.concatenate((np.asarray(ar1).ravel(), np.asarray(ar2).ravel())))


def setdiff1d(ar1, ar2, assume_unique=False):
    one = as_set(ar1, assume_unique)
    return one[np.isin(one, ar2, invert=True)]


def setxor1d(ar1, ar2, assume_unique=False):
    one = as_set(ar1, assume_unique)
    two = as_set(ar2, assume_unique)
    return np.sort(np.concatenate((np.setdiff1d(one, two, True), np.setdiff1d(two, one, True))))


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    first = np.asarray(ar1).ravel()
    second = np.asarray(ar2).ravel()
    kind = kernel.promote(first.dtype, second.dtype)
    # The first places, of equal ones the first.
    ones = np.argsort(first)
    twos = np.argsort(second)
    most = min(first.size, second.size)
    found = np.empty(most, kind)
    at_one = np.empty(most, np.int64)
    at_two = np.empty(most, np.int64)
    count = 0
    i = 0
    k = 0
    while i < ones.size and k < twos.size:
        one = first[ones[i]]
        two = second[twos[k]]
        if one == two:
            if count == 0 or found[count - 1] != one:
                found[count] = one
                at_one[count] = ones[i]
                at_two[count] = twos[k]
                count += 1
            i += 1
        elif one < two:
            i += 1
        else:
            k += 1
    if return_indices:
        return found[:count], at_one[:count], at_two[:count]
    return found[:count]


def unique_values(x):
    return np.unique(x)


def unique_counts(x):
    return np.unique(x, return_counts=True)


def unique_inverse(x):
    return np.unique(x, return_inverse=True)
