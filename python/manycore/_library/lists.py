"""Python's lists: what is put into them, taken out, sorted and looked for."""

# ruff: noqa: D401, PLR0913, SIM108, SIM110
# mypy: ignore-errors

from manycore._kernel_library import kernel


def clipped(index, size, low, high):
    """A slice's bound, counted from the end if it is negative."""
    return min(max(index + size if index < 0 else index, low), high)


def builtins_list(values):
    result = []
    for value in values:
        result.append(value)
    return result


def builtins_sorted(values, key=None, reverse=False):
    result = builtins_list(values)
    result.sort(key, reverse)
    return result


def builtins_map(function, values, *others):
    if len(others) == 0:
        result = []
        for value in values:
            result.append(function(value))
        return result
    result = []
    for all_values in zip(values, *others):
        result.append(function(*all_values))
    return result


def builtins_filter(function, values):
    result = []
    for value in values:
        if function(value):
            result.append(value)
    return result


def array_tolist(a):
    result = []
    if a.ndim == 1:
        for i in range(a.size):
            result.append(a[i])
    else:
        for i in range(a.shape[0]):
            result.append(a[i].tolist())
    return result


def list_copy(xs):
    return list_slice(xs, None, None, None)


def list_slice(xs, start, stop, step):
    size = len(xs)
    by = 1 if step is None else step
    if by == 0:
        raise ValueError("slice step cannot be zero")
    low = 0 if by > 0 else -1
    high = size if by > 0 else size - 1
    if start is None:
        first = low if by > 0 else high
    else:
        first = clipped(start, size, low, high)
    if stop is None:
        last = high if by > 0 else low
    else:
        last = clipped(stop, size, low, high)
    result = []
    for i in range(first, last, by):
        result.append(kernel.item(xs, i))
    return result


def list_assign(xs, start, stop, values):
    size = len(xs)
    first = 0 if start is None else clipped(start, size, 0, size)
    last = size if stop is None else max(first, clipped(stop, size, 0, size))
    given = builtins_list(values)
    count = len(given)
    # What is taken out makes room for what comes in; one more is needed where there is none.
    for i in range(min(count, last - first)):
        xs[first + i] = kernel.item(given, i)
    if count < last - first:
        kernel.shift(xs, first + count, count - (last - first))
    for i in range(last - first, count):
        xs.insert(first + i, kernel.item(given, i))


def list_delete(xs, index):
    size = len(xs)
    at = index + size if index < 0 else index
    if at < 0 or at >= size:
        raise IndexError("list assignment index out of range")
    kernel.shift(xs, at, -1)


def list_delete_slice(xs, start, stop):
    size = len(xs)
    first = 0 if start is None else clipped(start, size, 0, size)
    last = size if stop is None else clipped(stop, size, 0, size)
    if last > first:
        kernel.shift(xs, first, first - last)


def list_insert(xs, index, value):
    size = len(xs)
    at = clipped(index, size, 0, size)
    if at == size:
        xs.append(value)
    else:
        kernel.shift(xs, at, 1)
        xs[at] = value


def list_pop(xs, index=-1):
    size = len(xs)
    if size == 0:
        raise IndexError("pop from empty list")
    at = index + size if index < 0 else index
    if at < 0 or at >= size:
        raise IndexError("pop index out of range")
    value = kernel.item(xs, at)
    kernel.shift(xs, at, -1)
    return value


def list_extend(xs, values):
    if kernel.is_list(values):
        # Those that it has now: it may be the list itself.
        for i in range(len(values)):
            xs.append(values[i])
    else:
        for value in values:
            xs.append(value)


def list_clear(xs):
    kernel.shift(xs, 0, -len(xs))


def list_reverse(xs):
    size = len(xs)
    for i in range(size // 2):
        value = kernel.item(xs, i)
        xs[i] = kernel.item(xs, size - 1 - i)
        xs[size - 1 - i] = value


def list_joined(xs, ys):
    result = builtins_list(xs)
    for y in ys:
        result.append(y)
    return result


def list_repeated(xs, count):
    result = []
    for _ in range(count):
        for x in xs:
            result.append(x)
    return result


def list_contains(xs, value):
    for x in xs:
        if x == value:
            return True
    return False


def list_count(xs, value):
    count = 0
    for x in xs:
        if x == value:
            count += 1
    return count


def list_index(xs, value, start=0, stop=None):
    size = len(xs)
    first = clipped(start, size, 0, size)
    last = size if stop is None else clipped(stop, size, 0, size)
    for i in range(first, last):
        if kernel.item(xs, i) == value:
            return i
    raise ValueError("the value is not in the list")


def list_remove(xs, value):
    kernel.shift(xs, list_index(xs, value), -1)


def list_equal(xs, ys):
    if len(xs) != len(ys):
        return False
    for i in range(len(xs)):
        if xs[i] != ys[i]:
            return False
    return True


def list_less(xs, ys):
    for i in range(min(len(xs), len(ys))):
        if xs[i] != ys[i]:
            return xs[i] < ys[i]
    return len(xs) < len(ys)


def list_sum(xs, start=0):
    total = start
    for x in xs:
        total += x
    return total


def list_min(xs):
    if len(xs) == 0:
        raise ValueError("min() arg is an empty sequence")
    best = kernel.item(xs, 0)
    for x in xs:
        if x < best:
            best = x
    return best


def list_max(xs):
    if len(xs) == 0:
        raise ValueError("max() arg is an empty sequence")
    best = kernel.item(xs, 0)
    for x in xs:
        if x > best:
            best = x
    return best


def list_any(xs):
    for x in xs:
        if x:
            return True
    return False


def list_all(xs):
    for x in xs:
        if not x:
            return False
    return True


def merged(order, keys, reverse):
    """Sort places by their keys, those of equal ones in their order: from the bottom up."""
    size = len(order)
    other = order.copy()
    width = 1
    while width < size:
        for low in range(0, size, 2 * width):
            middle = min(low + width, size)
            high = min(low + 2 * width, size)
            left = low
            right = middle
            for to in range(low, high):
                takes_right = False
                if left >= middle:
                    takes_right = True
                elif right < high:
                    one = keys[order[left]]
                    two = keys[order[right]]
                    takes_right = one < two if reverse else two < one
                if takes_right:
                    other[to] = order[right]
                    right += 1
                else:
                    other[to] = order[left]
                    left += 1
        for i in range(size):
            order[i] = other[i]
        width *= 2


def list_sort(xs, key=None, reverse=False):
    order = [i for i in range(len(xs))]  # noqa: C416
    if key is None:
        keys = xs.copy()
    else:
        keys = [key(x) for x in xs]
    merged(order, keys, reverse)
    values = xs.copy()
    for i in range(len(order)):
        xs[i] = values[order[i]]


def sifted_down(heap, start, at):
    """Move an item towards the heap's front as far as it is less than what is there."""
    value = heap[at]
    while at > start:
        parent = (at - 1) // 2
        if not value < heap[parent]:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = value


def sifted_up(heap, at):
    """Move the lesser children up to the end, and the item back from there: heapq's own way."""
    size = len(heap)
    start = at
    value = heap[at]
    child = 2 * at + 1
    while child < size:
        if child + 1 < size and not heap[child] < heap[child + 1]:
            child += 1
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = value
    sifted_down(heap, start, at)


def heapq_heappush(heap, item):
    heap.append(item)
    sifted_down(heap, 0, len(heap) - 1)


def heapq_heappop(heap):
    if len(heap) == 0:
        raise IndexError("index out of range")
    last = heap.pop()
    if len(heap) == 0:
        return last
    first = heap[0]
    heap[0] = last
    sifted_up(heap, 0)
    return first


def heapq_heapify(heap):
    for i in range(len(heap) // 2 - 1, -1, -1):
        sifted_up(heap, i)


def heapq_heapreplace(heap, item):
    first = heap[0]
    heap[0] = item
    sifted_up(heap, 0)
    return first


def heapq_heappushpop(heap, item):
    if len(heap) > 0 and heap[0] < item:
        first = heap[0]
        heap[0] = item
        sifted_up(heap, 0)
        return first
    return item


def heapq_nsmallest(n, values):
    return builtins_sorted(values)[: max(n, 0)]


def heapq_nlargest(n, values):
    return builtins_sorted(values, None, True)[: max(n, 0)]  # noqa: FBT003


def bisect_bisect_left(a, x, lo=0, hi=None):
    low = lo
    high = len(a) if hi is None else hi
    while low < high:
        middle = (low + high) // 2
        if a[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low


def bisect_bisect_right(a, x, lo=0, hi=None):
    low = lo
    high = len(a) if hi is None else hi
    while low < high:
        middle = (low + high) // 2
        if x < a[middle]:
            high = middle
        else:
            low = middle + 1
    return low


bisect_bisect = bisect_bisect_right


def bisect_insort_left(a, x):
    a.insert(bisect_bisect_left(a, x), x)


def bisect_insort_right(a, x):
    a.insert(bisect_bisect_right(a, x), x)


bisect_insort = bisect_insort_right
