"""Lists in compiled functions: they grow, are shared, sorted and handed on as Python's are."""

from __future__ import annotations

import bisect
import heapq
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

import manycore as mc
from alike import same
from manycore import CompileError

pytestmark = pytest.mark.usefixtures("way")


def agree(function: Callable[..., Any], *given: Any) -> None:
    compiled = mc.jit(function)
    found, wanted = compiled(*deepcopy(given)), function(*deepcopy(given))
    assert same(found, wanted), (found, wanted)


def squares(n: int) -> Any:
    xs = []
    for i in range(n):
        xs.append(i * i)
    return xs


def a_stack(n: int) -> Any:
    stack = [0]
    count = 0
    while stack:
        x = stack.pop()
        count += x
        if x < n:
            stack.append(x + 1)
            if x % 3 == 0:
                stack.append(x + 2)
    return count


def a_queue_of_pairs(n: int) -> Any:
    queue = [(0, 1.5)]
    out = []
    while len(queue) > 0:
        depth, weight = queue.pop(0)
        out.append(weight)
        if depth < n:
            queue.append((depth + 1, weight * 2))
            queue.append((depth + 2, weight + 1))
    return out


def neighbours(n: int) -> Any:
    of: list[Any] = [[] for _ in range(n)]
    for i in range(n - 1):
        of[i].append(i + 1)
        of[i + 1].append(i)
    total = 0
    for u in range(n):
        for v in of[u]:
            total += v * u
    row = of[1]
    row.append(100)
    return total, of


def put(out: Any, x: Any) -> None:
    out.append(x)
    out.append(x * 0.5)


def handed_to_a_function(n: int) -> Any:
    out: list[Any] = []
    for i in range(n):
        put(out, i)
    also = out
    also.append(7)
    return out, len(also), also == out, also is out, out[-1], 3.5 in out, 7.25 not in out


def visit(node: int, n: int, seen: Any, order: Any) -> None:
    if node >= n or node in seen:
        return
    seen.append(node)
    order.append(node)
    visit(2 * node + 1, n, seen, order)
    visit(2 * node + 2, n, seen, order)


def a_recursion(n: int) -> Any:
    seen: list[Any] = []
    order: list[Any] = []
    visit(0, n, seen, order)
    return order


def permuted(xs: Any, k: int, out: Any) -> None:
    if k == len(xs):
        out.append(xs[:])
        return
    for i in range(k, len(xs)):
        xs[k], xs[i] = xs[i], xs[k]
        permuted(xs, k + 1, out)
        xs[k], xs[i] = xs[i], xs[k]


def permutations(_n: int) -> Any:
    out: list[Any] = []
    permuted([1, 2, 3], 0, out)
    return out


def sorted_quickly(xs: Any) -> Any:
    if len(xs) <= 1:
        return xs
    p = xs[len(xs) // 2]
    less = sorted_quickly([x for x in xs if x < p])
    return less + [x for x in xs if x == p] + sorted_quickly([x for x in xs if x > p])


def recursions_of_lists(n: int) -> Any:
    return sorted_quickly([3, 6, 1, n, 2, 9, 1])


def found(parent: Any, x: int) -> int:
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


def a_union_of_sets(n: int) -> Any:
    parent = list(range(n))
    for a, b in [(0, 1), (2, 3), (1, 3)]:
        one, two = found(parent, a), found(parent, b)
        if one != two:
            parent[one] = two
    return [found(parent, i) for i in range(n)]


def longest_increasing(_n: int) -> Any:
    tails: list[Any] = []
    for x in np.array([3.0, 1, 4, 1, 5, 9, 2, 6]):
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            if tails[middle] < x:
                low = middle + 1
            else:
                high = middle
        if low == len(tails):
            tails.append(x)
        else:
            tails[low] = x
    return len(tails), tails


def all_methods(n: int) -> Any:
    xs = [3, 1, 2]
    xs += [n]
    xs.insert(1, 10)
    xs.insert(-1, 11)
    xs.insert(100, 12)
    xs.extend([5, 6])
    xs.extend(range(2))
    xs.reverse()
    place, count = xs.index(11), xs.count(5)
    xs.remove(10)
    ys = xs[1:-1]
    zs = xs[::-1]
    ws = xs * 2 + ys
    vs = ws.copy()
    vs[2:4] = [7]
    vs[1:1] = [8, 9]
    del xs[0]
    del ys[1:3]
    xs.sort()
    zs.sort(reverse=True)
    vs.sort(key=lambda v: -v)
    last, middle, first = xs.pop(), xs.pop(1), xs.pop(-2)
    return xs, ys, zs, ws, vs, place, count, last, middle, first, min(xs), max(xs), sum(xs)


def a_table(n: int) -> Any:
    best: list[Any] = [0] * (n + 1)
    best[0] = 1.5
    for i in range(1, n + 1):
        best[i] = best[i - 1] + i
    grid = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            grid[i][j] = i * j
    shared = [[0] * 2] * 2
    shared[0][1] = 5
    copy = [row[:] for row in grid]
    copy[0][0] = 9
    return best, grid, copy, shared


def into_arrays(n: int) -> Any:
    rows = []
    pairs = []
    for i in range(n):
        rows.append([i, i + 1])
        pairs.append((i, 0.5))
    xs = [1.5, 2.5]
    xs.append(n)
    return (
        np.array(rows),
        np.array(pairs),
        np.array(xs) * 2,
        np.sum(xs),
        np.array(xs, dtype=np.int64),
    )


def sorted_pairs(n: int) -> Any:
    points = [(i % 3, -i) for i in range(n) if i % 2]
    points.sort()
    return points, max(points), min(points), sorted(points, key=lambda p: p[1]), (1, 2) < (1, 3)


def a_display_that_changes(n: int) -> Any:
    xs = [1, 2, 3]
    xs[0] = n
    xs[1] += 5
    return sum(xs), xs


def a_list_that_grows_in_its_loop(n: int) -> Any:
    xs = [1]
    for x in xs:
        if x < n:
            xs.append(x * 2)
    return xs


def a_heap(n: int) -> Any:
    heap: list[Any] = []
    for i in range(n):
        heapq.heappush(heap, ((i * 7919) % 101, i))
    other = [5, 3, 8, 1, n]
    heapq.heapify(other)
    out = [heapq.heappushpop(other, 4), heapq.heapreplace(other, 2)]
    while heap:
        key, _ = heapq.heappop(heap)
        out.append(key)
    return out, other, heapq.nsmallest(2, other), heapq.nlargest(2, other)


def by_bisection(n: int) -> Any:
    xs = [1, 3, 3, 5]
    bisect.insort(xs, 4)
    bisect.insort_left(xs, n)
    return xs, bisect.bisect_left(xs, 3), bisect.bisect_right(xs, 3), bisect.bisect(xs, 100)


def lists_of_arrays(n: int) -> Any:
    arrays = []
    for i in range(n):
        arrays.append(np.full(3, i * 1.0))
    total = 0.0
    for a in arrays:
        total += a.sum()
    arrays[0][1] = 100.0
    return total, arrays[0], arrays, np.array(arrays)


def all_loops(n: int) -> Any:
    xs = [i for i in range(n)]  # noqa: C416
    for i, x in enumerate(xs):
        xs[i] = x * 2
    pairs = [x + y for x, y in zip(xs, reversed(xs), strict=False)]
    nested = [i * j for i in range(3) for j in range(i)]
    table = [[i * j for j in range(3)] for i in range(n)]
    x = 5
    inner = [x for x in xs if x > 2]
    return xs, pairs, nested, table, any([x > 3 for x in xs][1:]), all(xs), x, inner, list(range(n))


def unpacked(n: int) -> Any:
    a, *rest = [1, 2, n]
    xs = [n, 2, 3, 4]
    p, *q, r = xs
    s, t = xs[1:3]
    return a, rest, p, q, r, s, t


def one_or_another(n: int) -> Any:
    if n > 2:  # noqa: SIM108
        xs = [1, 2]
    else:
        xs = [3]
    ys = [*xs, n] if n < 0 else xs + [n]  # noqa: RUF005
    for i in range(n):
        ys = ys + [i]  # noqa: RUF005
    return ys, xs


def empty_ones(n: int) -> Any:
    xs: list[Any] = []
    ys = [1.0]
    ys.append(n)
    ys.clear()
    return len(xs), xs, not xs, ys, xs == [1], [[]]


def compared(n: int) -> Any:
    xs: list[Any] = [1, 2]
    xs.append(n)
    ys = [1, 2, n]
    return xs == ys, xs != ys, xs < [1, 3], xs >= ys, xs > [1], xs <= [0.5]


def a_closure(n: int) -> Any:
    out = []

    def push(value: int) -> None:
        out.append(value)

    for i in range(n):
        push(i)
    return out


def optional_items(n: int) -> Any:
    found = []
    for i in range(n):
        found.append(i if i % 2 else None)
    return found


@pytest.mark.parametrize(
    "function",
    [
        squares,
        a_stack,
        a_queue_of_pairs,
        neighbours,
        handed_to_a_function,
        a_recursion,
        permutations,
        recursions_of_lists,
        a_union_of_sets,
        longest_increasing,
        all_methods,
        a_table,
        into_arrays,
        sorted_pairs,
        a_display_that_changes,
        a_list_that_grows_in_its_loop,
        a_heap,
        by_bisection,
        lists_of_arrays,
        all_loops,
        unpacked,
        one_or_another,
        empty_ones,
        compared,
        a_closure,
        optional_items,
    ],
)
def test_as_in_python(function: Callable[..., Any]) -> None:
    agree(function, 7)


def beyond(n: int) -> Any:
    xs = [1, 2, 3]
    xs.append(4)
    return xs[n]


def from_nothing(n: int) -> Any:
    xs = [n]
    xs.pop()
    return xs.pop()


def pop_beyond(n: int) -> Any:
    xs = [1]
    return xs.pop(n)


def not_there(n: int) -> Any:
    xs = [1]
    xs.append(2)
    xs.remove(n)
    return xs


def delete_beyond(n: int) -> Any:
    xs = [1]
    del xs[n]
    return xs


def least_of_nothing(n: int) -> Any:
    xs = [n]
    xs.clear()
    return min(xs)


def too_few(n: int) -> Any:
    xs = [n]
    a, *b, c = xs
    return a, b, c


@pytest.mark.parametrize(
    "function",
    [beyond, from_nothing, pop_beyond, not_there, delete_beyond, least_of_nothing, too_few],
)
def test_what_fails_in_python_fails_alike(function: Callable[..., Any]) -> None:
    with pytest.raises((IndexError, ValueError)) as wanted:
        function(9)
    with pytest.raises(wanted.type):
        mc.jit(function)(9)


def test_negative_indices() -> None:
    assert mc.jit(beyond)(-4) == 1
    with pytest.raises(IndexError):
        mc.jit(beyond)(-5)


def texts_and_numbers() -> Any:
    xs: list[Any] = [1]
    xs.append("a")
    return xs


def an_unknown_method() -> Any:
    xs: Any = [1]
    xs.append(2)
    return xs.swap(0, 1)


def grows_in_parallel(n: int) -> Any:
    xs = [0]
    for i in mc.prange(n):
        xs.append(i)
    return xs


def grows_in_parallel_elsewhere(n: int) -> Any:
    xs = [0.0]
    for i in mc.prange(n):
        put(xs, i)
    return xs


@pytest.mark.parametrize(
    ("function", "given", "said"),
    [
        (texts_and_numbers, (), "a list's items are of one type"),
        (an_unknown_method, (), "a list has no method swap"),
        (grows_in_parallel, (5,), "all rounds of a prange share"),
        (grows_in_parallel_elsewhere, (5,), "all rounds of a prange share"),
    ],
)
def test_what_is_refused(function: Callable[..., Any], given: tuple[Any, ...], said: str) -> None:
    with pytest.raises(CompileError, match=said) as raised:
        mc.jit(parallel=True)(function)(*given)
    assert "line" in str(raised.value)


def lists_of_their_own(n: int) -> Any:
    out = np.zeros(n)
    weights = [0.5]
    weights.append(2.0)
    for i in mc.prange(n):
        own = [1.0]
        for j in range(i):
            own.append(own[-1] * weights[j % 2])
        out[i] = sum(own)
    return out


def test_each_round_of_a_parallel_loop_has_its_lists() -> None:
    found = mc.jit(parallel=True)(lists_of_their_own)(40)
    np.testing.assert_allclose(found, lists_of_their_own(40))


def rebuilt(n: int) -> Any:
    total = 0
    for i in range(n):
        rows = []
        for j in range(20):
            row = [j]
            row.append(i)
            rows.append(row)
            rows.append(row)
        rows.pop(3)
        rows[0] = rows[-1]
        total += len(rows) + rows[0][0]
    return total


def test_lists_that_nobody_holds_are_freed() -> None:
    resource = pytest.importorskip("resource")
    compiled = mc.jit(rebuilt)
    assert compiled(10) == rebuilt(10)
    compiled(1000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    compiled(3000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4000  # KiB
