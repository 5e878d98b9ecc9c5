"""Compiled code does what Python does: indices above all, whose checks are taken out of loops."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import manycore as mc


def outcome(function: Callable[..., Any], *args: Any) -> tuple[Any, list[Any]]:
    """What a function returns or raises, and what its arrays are then."""
    args = tuple(arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args)
    try:
        result: Any = function(*args)
    except (IndexError, ZeroDivisionError) as error:
        result = type(error), str(error)
    return result, [arg.tolist() for arg in args if isinstance(arg, np.ndarray)]


def check(kernel: Any, *args: Any) -> Any:
    """Compare a kernel with the function that it was made of."""
    compiled, expected = outcome(kernel, *args), outcome(kernel.py_func, *args)
    assert compiled[1] == expected[1]
    if expected[0] is None or isinstance(expected[0], tuple):
        assert compiled[0] == expected[0]
    else:
        np.testing.assert_allclose(compiled[0], expected[0], rtol=1e-13)
    return compiled[0]


@mc.jit
def line(a: Any, start: Any, stop: Any, step: Any, factor: Any, shift: Any) -> Any:
    count = 0
    for i in range(start, stop, step):
        a[factor * i + shift] += i
        count += 1
    return count


def test_kernels_are_compiled_and_not_interpreted() -> None:
    line(np.zeros(3), 0, 3, 1, 1, 0)
    assert line.inspect_asm()


SMALL = st.integers(-12, 12)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 9), SMALL, SMALL, SMALL.filter(bool), st.integers(-3, 3), SMALL)
def test_a_straight_index_fails_where_python_does(
    size: int, start: int, stop: int, step: int, factor: int, shift: int
) -> None:
    check(line, np.zeros(size), start, stop, step, factor, shift)


@mc.jit
def plane(a: Any, rows: Any, columns: Any, p: Any, q: Any, r: Any) -> Any:
    for i in range(rows):
        for j in range(columns):
            a[p * i + q * j + r] += 1 + i * j


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 30), st.integers(0, 6), st.integers(0, 6), SMALL, SMALL, SMALL)
def test_an_index_of_two_loops_fails_where_python_does(
    size: int, rows: int, columns: int, p: int, q: int, r: int
) -> None:
    check(plane, np.zeros(size), rows, columns, p, q, r)


@mc.jit
def triangle(a: Any, b: Any, n: Any) -> Any:
    total = 0.0
    for i in range(n):
        for j in range(i):
            total += a[i - j] * b[i, j]
        for j in range(i, n):
            b[j, i] += a[j - i]
    return total


@mc.jit
def neighbours(a: Any, n: Any) -> Any:
    total = 0.0
    for i in range(n):
        total += a[i] * a[i - 1] + a[(i + 1) % n]
        if i > 1:
            total -= a[i - 2]
    return total


@mc.jit
def found(a: Any, least: Any) -> Any:
    for i in range(1000000000):
        if a[i] > least:
            return i
    return -1


@mc.jit
def pairs(a: Any, b: Any) -> Any:
    for i in range(len(a) - 1, -1, -1):
        row = b[i]
        for j in range(0, len(row), 2):
            row[j + 1] += a[i]
            row[j] -= row[j + 1]


@mc.jit
def scattered(a: Any, at: Any) -> Any:
    for i in range(len(at)):
        a[at[i]] += i


@mc.jit
def moved(a: Any, n: Any) -> Any:
    k = 0
    for i in range(n):
        a[k] = i
        k += 2
    for i in range(n):
        j = i + 1
        a[j] -= a[i]


@pytest.mark.parametrize("size", [0, 1, 4, 7, 8, 9, 20])
def test_loops_over_arrays_do_what_python_does(size: int) -> None:
    numbers = np.linspace(-1, 1, 8)
    for n in (0, 1, size, size + 1):
        check(triangle, numbers, np.ones((size, size)), n)
        check(neighbours, numbers[:size], n)
        check(moved, np.ones(2 * size), n)
    check(found, numbers[:size], 0.5)
    check(pairs, numbers[:size], np.ones((size, size)))
    check(scattered, np.zeros(8), np.arange(-size, size))


@mc.jit
def smoothed(a: Any, out: Any) -> Any:
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            out[i, j] = a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1] + out[i, j]


def test_arrays_that_overlap_are_read_after_they_were_written() -> None:
    whole = np.arange(600.0)
    for first, second in [
        (whole[:500], whole[50:550]),
        (whole[50:550], whole[:500]),
        (whole[:500], whole[:500]),
        (whole[:500], whole[100:]),
        (whole[499::-1], whole[1:501]),
    ]:
        results = []
        for function in (smoothed, smoothed.py_func):
            whole[:] = np.arange(600.0) % 7
            function(first.reshape(20, 25, copy=False), second.reshape(20, 25, copy=False))
            results.append(whole.tolist())
        assert results[0] == results[1]


@mc.jit
def product(a: Any, b: Any, c: Any) -> Any:
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


def test_a_product_into_its_own_factor_is_what_the_loops_say() -> None:
    a = np.arange(36.0).reshape(6, 6) % 5 / 64
    expected, given_ = a.copy(), a.copy()
    product.py_func(expected, expected.T, expected)
    product(given_, given_.T, given_)
    assert given_.tolist() == expected.tolist()


@mc.jit
def waves(x: Any) -> Any:
    out = np.empty((3, len(x)), x.dtype)
    for i in range(len(x)):
        out[0, i] = np.sin(x[i])
        out[1, i] = np.cos(x[i])
        out[2, i] = np.tan(x[i])
    return out


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_angles_among_small_ones_are_as_good(dtype: Any) -> None:
    x = np.linspace(-50, 50, 4099).astype(dtype)
    x[[5, 17, 18, 2000, 4098]] = [1e22, np.inf, np.nan, -3e9, 1e30]
    with np.errstate(invalid="ignore"):
        expected = np.array([f(x.astype(np.float64)) for f in (np.sin, np.cos, np.tan)])
    tolerance = 4 * float(np.finfo(dtype).eps)
    np.testing.assert_allclose(waves(x), expected, rtol=tolerance, atol=0)
    assert math.copysign(1, waves(np.array([-0.0], dtype))[0, 0]) == -1


@mc.jit(parallel=True)
def histogram(a: Any, bins: Any, scale: Any) -> Any:
    low = 0.0
    for i in mc.prange(len(a)):
        bins[i % bins.shape[0], 1] += scale * a[i]
        low = min(low, a[i])
    return low


def test_chunks_add_up_arrays_of_any_layout() -> None:
    a = np.arange(1000.0) - 300
    for bins in (np.ones((7, 2)), np.ones((2, 7)).T, np.ones((14, 4))[::2, ::2]):
        expected = bins.copy()
        for i in range(1000):
            expected[i % 7, 1] += 2 * a[i]
        assert histogram(a, bins, 2.0) == -300
        assert bins.tolist() == expected.tolist()


@mc.jit(parallel=True)
def written(a: Any, n: Any) -> Any:
    for i in mc.prange(n):
        a[i] = i


def test_a_chunk_that_fails_fails_the_loop() -> None:
    with pytest.raises(IndexError, match="index 100 is out of bounds for axis 0 with size 100"):
        written(np.zeros(100), 101)


@mc.jit
def rows(n: Any, size: Any) -> Any:
    total = 0.0
    kept = np.zeros(size)
    for i in range(n):
        row = np.full(size, 1.0 * i)
        part = row[1:]
        if i % 3 == 0:
            kept = part
        total += part[0] + kept[-1]
    return kept, total


def test_arrays_that_nobody_holds_any_more_are_freed() -> None:
    resource = pytest.importorskip("resource")
    size = 1 << 20
    rows(3, size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        kept, total = rows(40, size)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert kept.tolist()[:2] == [39.0, 39.0]
    assert total == sum(i + i - i % 3 for i in range(40))
    assert after - before < 60 << 10


@mc.jit
def depth(n: Any) -> Any:
    if n == 0:
        return 0
    return 1 + depth(n - 1)


@mc.jit
def endless(n: Any) -> Any:
    if n < -5:
        return 0
    return endless(n + 1) - endless(n - 7)


def test_recursion_ends_with_an_error_and_not_the_process() -> None:
    assert depth(500) == 500
    with pytest.raises(RuntimeError, match="recursion"):
        endless(0)


@mc.jit
def drawn(n: Any) -> Any:
    random.seed(7)
    total = 0.0
    for _ in range(n):
        total += random.random()
    return total


def test_a_seed_gives_the_same_numbers_and_their_mean_is_a_half() -> None:
    assert drawn(1000) == drawn(1000)
    assert abs(drawn(1000000) / 1000000 - 0.5) < 0.002
