"""Sorting and selection of numbers alone: no place to keep, so that equal ones may be swapped."""

# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel

# Up to this many, moving one at a time into its place is faster than splitting.
FEW = 24


def move_into_place(a, start, stop):
    for i in range(start + 1, stop):
        value = a[i]
        k = i
        while k > start and value < a[k - 1]:
            a[k] = a[k - 1]
            k -= 1
        a[k] = value


def split_where(a, start, stop, belongs_left):
    """Move what belongs left there; where the right part begins. Nothing here is a branch."""
    middle = start
    for i in range(start, stop):
        value = a[i]
        a[i] = a[middle]
        a[middle] = value
        middle += int(belongs_left(value))
    return middle


def pivot_of(a, start, stop):
    """Return the middle one of three."""
    one = a[start]
    two = a[(start + stop) // 2]
    three = a[stop - 1]
    return max(min(one, two), min(max(one, two), three))


def rounds_of(size):
    """More rounds of splitting than any but a hostile order needs."""
    rounds = 8
    while size > 0:
        rounds += 2
        size //= 2
    return rounds


def without_nan(a):
    """How many are numbers: what is not one has been moved behind them."""
    if kernel.is_float(a.dtype):
        return split_where(a, 0, a.size, lambda value: value == value)
    return a.size


def is_in_order(a, size):
    for i in range(1, size):
        if a[i] < a[i - 1]:
            return False
    return True


def heap_sort(a, start, stop):
    """Slower than splitting, and as fast for any order."""
    size = stop - start
    root = size // 2
    last = size
    while last > 1:
        if root > 0:
            root -= 1
        else:
            last -= 1
            value = a[start]
            a[start] = a[start + last]
            a[start + last] = value
        value = a[start + root]
        place = root
        child = 2 * place + 1
        while child < last:
            if child + 1 < last and a[start + child] < a[start + child + 1]:
                child += 1
            if not value < a[start + child]:
                break
            a[start + place] = a[start + child]
            place = child
            child = 2 * place + 1
        a[start + place] = value


def quicksort(a):
    size = without_nan(a)
    if is_in_order(a, size):
        return
    # The larger part waits, so that there are never more of them than rounds of halving.
    waiting = np.empty((64, 3), np.int64)
    count = 1
    waiting[0, 0] = 0
    waiting[0, 1] = size
    waiting[0, 2] = rounds_of(size)
    while count > 0:
        count -= 1
        start = waiting[count, 0]
        stop = waiting[count, 1]
        rounds = waiting[count, 2]
        while stop - start > FEW and rounds > 0:
            rounds -= 1
            pivot = pivot_of(a, start, stop)
            middle = split_where(a, start, stop, lambda value: value < pivot)
            if middle == start:
                # Nothing is less than the pivot: what equals it has its place.
                start = split_where(a, start, stop, lambda value: not pivot < value)
                continue
            waiting[count, 2] = rounds
            if middle - start < stop - middle:
                waiting[count, 0] = middle
                waiting[count, 1] = stop
                stop = middle
            else:
                waiting[count, 0] = start
                waiting[count, 1] = middle
                start = middle
            count += 1
        if stop - start > FEW:
            heap_sort(a, start, stop)
        else:
            move_into_place(a, start, stop)


def put_in_place(a, place):
    """Put the number in its place that belongs there in order; none before it is larger."""
    start = 0
    stop = without_nan(a)
    if place >= stop:
        return
    rounds = rounds_of(stop)
    while stop - start > FEW and rounds > 0:
        rounds -= 1
        pivot = pivot_of(a, start, stop)
        middle = split_where(a, start, stop, lambda value: value < pivot)
        if place < middle:
            stop = middle
        elif middle > start:
            start = middle
        else:
            start = split_where(a, start, stop, lambda value: not pivot < value)
            if place < start:
                return
    if stop - start > FEW:
        heap_sort(a, start, stop)
    else:
        move_into_place(a, start, stop)


def partition(a, kth, axis=-1):
    if axis is None:
        return np.partition(np.asarray(a).ravel(), kth)
    a = np.asarray(a)
    if not kernel.is_scalar(kth) or kernel.is_complex(a.dtype):
        return np.sort(a, axis)
    size = np.moveaxis(a, axis, -1).shape[-1]
    if kth < -size or kth >= size:
        raise ValueError(f"kth(={kth}) out of bounds ({size})")
    place = kth + size if kth < 0 else kth
    result = np.array(a)
    rows = np.moveaxis(result, axis, -1)
    for row in np.ndindex(rows.shape[:-1]):
        put_in_place(rows[row], place)
    return result


def array_partition(a, kth, axis=-1):
    a[...] = np.partition(a, kth, axis)
