"""Order: sorting, searching, counting."""

# mypy: ignore-errors

import numpy as np

from manycore._kernel_library import kernel
from manycore._library.quicksort import quicksort

# Up to this many, moving one at a time into its place is faster than merging.
RUN = 16


def comes_before(one, two):
    # NaN comes last.
    if kernel.is_complex(one.dtype):
        return one.real < two.real or (one.real == two.real and one.imag < two.imag)
    if kernel.is_float(one.dtype):
        return one < two or (two != two and one == one)
    return one < two


def merge_sort(values, places):
    """Sort in place and stably; what stands in `places`, if given, moves with the values."""
    size = values.size
    for start in range(0, size, RUN):
        for i in range(start + 1, min(start + RUN, size)):
            value = values[i]
            k = i
            if places is not None:
                place = places[i]
            while k > start and comes_before(value, values[k - 1]):
                values[k] = values[k - 1]
                if places is not None:
                    places[k] = places[k - 1]
                k -= 1
            values[k] = value
            if places is not None:
                places[k] = place
    if size <= RUN:
        return
    left_values = np.empty(size, values.dtype)
    if places is not None:
        left_places = np.empty(size, np.int64)
    width = RUN
    while width < size:
        for start in range(0, size - width, 2 * width):
            right = start + width
            if not comes_before(values[right], values[right - 1]):
                continue
            stop = min(right + width, size)
            left_values[:width] = values[start:right]
            if places is not None:
                left_places[:width] = places[start:right]
            left = 0
            k = start
            while left < width:
                if right < stop and comes_before(values[right], left_values[left]):
                    values[k] = values[right]
                    if places is not None:
                        places[k] = places[right]
                    right += 1
                else:
                    values[k] = left_values[left]
                    if places is not None:
                        places[k] = left_places[left]
                    left += 1
                k += 1
        width *= 2


def sort_alone(a):
    if kernel.is_float(a.dtype) or kernel.is_integer(a.dtype):
        quicksort(a)
    else:
        merge_sort(a, None)


def array_sort(a, axis=-1, kind=None):
    if a.ndim == 1:
        sort_alone(a)
    else:
        moved = np.moveaxis(a, axis, -1)
        for place in np.ndindex(moved.shape[:-1]):
            sort_alone(moved[place])


def sort(a, axis=-1, kind=None):
    if axis is None:
        result = np.array(np.asarray(a).ravel())
        sort_alone(result)
        return result
    result = np.array(a)
    result.sort(axis)
    return result


def argsort(a, axis=-1, kind=None):
    a = np.asarray(a)
    if axis is None or a.ndim == 1:
        values = np.array(a.ravel())
        order = np.empty(values.size, np.int64)
        for i in range(values.size):
            order[i] = i
        merge_sort(values, order)
        return order
    values = np.array(a)
    orders = np.empty(a.shape, np.int64)
    moved = np.moveaxis(values, axis, -1)
    moved_orders = np.moveaxis(orders, axis, -1)
    for place in np.ndindex(moved.shape[:-1]):
        order = moved_orders[place]
        for i in range(order.size):
            order[i] = i
        merge_sort(moved[place], order)
    return orders


def argpartition(a, kth, axis=-1):
    return np.argsort(a, axis)


def lexsort(keys):
    if not kernel.is_tuple(keys):
        order = np.arange(keys.shape[1])
        for i in range(keys.shape[0]):
            order = order[np.argsort(keys[i][order])]
        return order
    return ordered_by(tuple(keys), np.arange(np.asarray(keys[0]).size))


def ordered_by(keys, order):
    """Return an order made anew by each key in turn, the last of which counts most."""
    if len(keys) == 0:
        return order
    return ordered_by(keys[1:], order[np.argsort(np.asarray(keys[0])[order])])


def place_in(a, value, is_right):
    """Where a value belongs in what is sorted: in front of those equal to it, or behind them."""
    low = 0
    high = a.size
    if value != value:
        # NaN are last, and in front of them if they are there.
        while low < high:
            middle = (low + high) // 2
            if is_right or a[middle] == a[middle]:
                low = middle + 1
            else:
                high = middle
        return low
    while low < high:
        middle = (low + high) // 2
        if a[middle] <= value if is_right else a[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


def searchsorted(a, v, side="left", sorter=None):
    if sorter is not None:
        kernel.fail("searchsorted with a sorter")
    a = np.asarray(a)
    is_right = side == "right"
    if kernel.is_scalar(v):
        return place_in(a, v, is_right)
    values = np.asarray(v)
    result = np.empty(values.shape, np.int64)
    for place in np.ndindex(values.shape):
        result[place] = place_in(a, values[place], is_right)
    return result


def digitize(x, bins, right=False):
    bins = np.asarray(bins)
    falls = bins.size > 1 and bins[0] > bins[bins.size - 1]
    for i in range(1, bins.size):
        if bins[i - 1] < bins[i] if falls else bins[i] < bins[i - 1]:
            raise ValueError("bins must be monotonically increasing or decreasing")
    edges = bins[::-1] if falls else bins[::1]
    is_right = not right
    if kernel.is_scalar(x):
        place = place_in(edges, x, is_right)
        return bins.size - place if falls else place
    values = np.asarray(x)
    result = np.empty(values.shape, np.int64)
    for index in np.ndindex(values.shape):
        place = place_in(edges, values[index], is_right)
        result[index] = bins.size - place if falls else place
    return result


def starts_of_equal(values):
    """Where in what is sorted others begin, and where it ends; all NaN are one."""
    starts = np.empty(values.size + 1, np.int64)
    count = 0
    for i in range(values.size):
        one = values[i]
        if i == 0 or (one != values[i - 1] and (one == one or values[i - 1] == values[i - 1])):
            starts[count] = i
            count += 1
    starts[count] = values.size
    return starts[: count + 1]


def unique(ar, return_index=False, return_inverse=False, return_counts=False):
    a = np.asarray(ar)
    if not (return_index or return_inverse):
        values = np.sort(a, None)
        starts = starts_of_equal(values)
        found = values[starts[:-1]]
        return (found, np.diff(starts)) if return_counts else found
    flat = a.ravel()
    order = np.argsort(flat)
    values = flat[order]
    starts = starts_of_equal(values)
    inverse = np.empty(flat.size, np.int64)
    for i in range(starts.size - 1):
        for k in range(starts[i], starts[i + 1]):
            inverse[order[k]] = i
    found = values[starts[:-1]]
    first = order[starts[:-1]]
    inverse = inverse.reshape(a.shape)
    counts = np.diff(starts)
    indexed = (found, first) if return_index else (found,)
    inverted = (*indexed, inverse) if return_inverse else indexed
    return (*inverted, counts) if return_counts else inverted


def bincount(x, weights=None, minlength=0):
    x = np.asarray(x)
    if minlength < 0:
        raise ValueError("'minlength' must not be negative")
    largest = -1
    for i in range(x.size):
        if x[i] < 0:
            raise ValueError("'list' argument must have no negative elements")
        largest = max(largest, int(x[i]))
    size = max(largest + 1, minlength)
    if weights is None:
        counts = np.zeros(size, np.int64)
        for i in range(x.size):
            counts[x[i]] += 1
        return counts
    weights = np.asarray(weights)
    if weights.size != x.size:
        raise ValueError("The weights and list don't have the same length.")
    sums = np.zeros(size, np.float64)
    for i in range(x.size):
        sums[x[i]] += weights[i]
    return sums


def bin_edges(flat, bins, between):
    if not kernel.is_scalar(bins):
        edges = np.asarray(bins)
        for i in range(1, edges.size):
            if edges[i] < edges[i - 1]:
                raise ValueError("`bins` must increase monotonically, when an array")
        return edges
    if bins < 1:
        raise ValueError("`bins` must be positive, when an integer")
    if between is None:
        low = 0.0
        high = 1.0
        if flat.size > 0:
            low = float(np.min(flat))
            high = float(np.max(flat))
            if not (np.isfinite(low) and np.isfinite(high)):
                raise ValueError(f"autodetected range of [{low}, {high}] is not finite")
    else:
        low = float(between[0])
        high = float(between[1])
        if high < low:
            raise ValueError("max must be larger than min in range parameter.")
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError(f"supplied range of [{low}, {high}] is not finite")
    if low == high:
        low -= 0.5
        high += 0.5
    edges = np.empty(bins + 1, kernel.floating(flat.dtype))
    step = (high - low) / bins
    for i in range(bins):
        edges[i] = i * step + low
    edges[bins] = high
    return edges


def histogram(a, bins=10, range=None, density=False, weights=None):
    flat = np.asarray(a).ravel()
    edges = bin_edges(flat, bins, range)
    if weights is None:
        counts = np.zeros(edges.size - 1, np.int64)
        fill_bins(flat, edges, kernel.is_scalar(bins), counts, None)
    else:
        shares = np.asarray(weights).ravel()
        counts = np.zeros(edges.size - 1, shares.dtype)
        fill_bins(flat, edges, kernel.is_scalar(bins), counts, shares)
    if density:
        return counts / np.diff(edges) / np.sum(counts), edges
    return counts, edges


def histogram_bin_edges(a, bins=10, range=None):
    return bin_edges(np.asarray(a).ravel(), bins, range)


def two_of(one):
    """Return what is there for two axes."""
    if kernel.is_tuple(one):
        return one[0], one[1]
    return one, one


def histogram2d(x, y, bins=10, range=None, density=False, weights=None):
    one = np.asarray(x).ravel()
    two = np.asarray(y).ravel()
    if one.size != two.size:
        raise ValueError("x and y must have the same length.")
    bins_of_one, bins_of_two = two_of(bins)
    range_of_one, range_of_two = (None, None) if range is None else (range[0], range[1])
    rows = bin_edges(one, bins_of_one, range_of_one)
    columns = bin_edges(two, bins_of_two, range_of_two)
    counts = np.zeros((rows.size - 1, columns.size - 1))
    is_even = kernel.is_scalar(bins_of_one), kernel.is_scalar(bins_of_two)
    for i in np.arange(one.size):
        row = bin_of(one[i], rows, is_even[0])
        column = bin_of(two[i], columns, is_even[1])
        if row >= 0 and column >= 0:
            counts[row, column] += 1.0 if weights is None else weights[i]
    if density:
        areas = np.diff(rows)[:, None] * np.diff(columns)
        return counts / areas / np.sum(counts), rows, columns
    return counts, rows, columns


def bin_of(value, edges, is_even):
    """Return the bin of a value, -1 if there is none."""
    bins = edges.size - 1
    low = edges[0]
    high = edges[bins]
    if not (low <= value and value <= high):
        return -1
    if not is_even:
        return min(place_in(edges, value, True), bins) - 1
    # A guess that rounding may have moved by one.
    place = min(int(float(value - low) / float(high - low) * bins), bins - 1)
    if value < edges[place]:
        place -= 1
    if place < bins - 1 and value >= edges[place + 1]:
        place += 1
    return place


def fill_bins(flat, edges, is_even, counts, shares):
    bins = counts.size
    if bins < 1:
        return
    for i in range(flat.size):
        place = bin_of(flat[i], edges, is_even)
        if place < 0:
            continue
        if shares is None:
            counts[place] += 1
        else:
            counts[place] += shares[i]
