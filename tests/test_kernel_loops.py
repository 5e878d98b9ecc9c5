"""Loops that are turned around for speed do what Python does, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import manycore as mc

# Enough for rounds that are done together, and for some that are left.
SIZES = [0, 1, 7, 8, 9, 16, 21]


def check(kernel: Any, *args: Any) -> None:
    """Compare what a kernel and its Python function return, raise and write."""
    found = []
    for function in (kernel, kernel.py_func):
        own = tuple(arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args)
        try:
            result = np.array(function(*own)).tolist()
        except IndexError as error:
            result = str(error)
        found.append((result, [arg.tolist() for arg in own if isinstance(arg, np.ndarray)]))
    assert repr(found[0]) == repr(found[1])


def numbers(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).normal(size=shape)


@mc.jit
def product(a: Any, b: Any, c: Any) -> Any:
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            total = 0.0
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            c[i, j] += total


@mc.jit
def convolution(image: Any, weights: Any, out: Any) -> Any:
    size = weights.shape[0]
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            total = 0.5
            for p in range(size):
                row = i + p
                for q in range(size):
                    total += image[row, j + q] * weights[p, q]
            out[i, j] = total


@mc.jit
def norms(a: Any, out: Any) -> Any:
    largest, where, whole = -1.0, -1, 0.0
    for i in range(a.shape[0]):
        total = 0.0
        for k in range(a.shape[1]):
            total += a[i, k] * a[i, k]
        whole += total
        if total > largest:
            largest = total
            where = i
        out[i] = total
    return largest, where, whole, total if a.shape[0] else 0.0


@mc.jit
def weighted(a: Any, out: Any) -> Any:
    weight = 1.0
    for i in range(a.shape[0]):
        total = 0.0
        for k in range(a.shape[1]):
            total += weight * a[i, k]
        weight = total
        out[i] = total


@mc.jit
def smoothed(a: Any, out: Any) -> Any:
    for i in range(out.shape[0]):
        total = 0.0
        for k in range(a.shape[1]):
            total += a[i, k] * out[k]
        out[i] = total


@mc.jit
def last(a: Any, out: Any) -> Any:
    k = -5
    for i in range(a.shape[0]):
        total = 0.0
        for k in range(a.shape[1]):
            total += a[i, k]
        out[i] = k + total
    return k


@mc.jit
def wild(a: Any, at: Any, out: Any) -> Any:
    for i in range(a.shape[0]):
        total = 0.0
        for k in range(a.shape[1]):
            total += a[i, k]
        out[at[i]] = total


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("inner", [0, 1, 5])
def test_sums_of_rounds_done_together_are_each_in_order(size: int, inner: int) -> None:
    check(product, numbers(3, inner), numbers(inner, size), numbers(3, size))
    check(product, numbers(3, inner), numbers(size, inner).T, numbers(3, size))
    check(convolution, numbers(3 + inner, size + inner), numbers(inner, inner), numbers(3, size))
    check(norms, numbers(size, inner), np.zeros(size))
    check(last, numbers(size, inner), np.zeros(size))


@pytest.mark.parametrize("size", SIZES)
def test_rounds_that_need_those_before_them_come_after_them(size: int) -> None:
    check(weighted, numbers(size, 4), np.zeros(size))
    check(smoothed, numbers(size, size), np.ones(size))
    squares = [numbers(size, size) / (9 * size + 1) for _ in range(2)]
    for kernel, square in zip((product, product.py_func), squares, strict=True):
        kernel(square, square.T, square)
    assert squares[0].tolist() == squares[1].tolist()


@pytest.mark.parametrize("at", [0, 3, 9, 19])
def test_a_store_that_fails_fails_in_its_round(at: int) -> None:
    places = np.arange(20)
    places[at] = 99
    check(wild, numbers(20, 3), places, np.zeros(20))


def test_rounds_are_done_together() -> None:
    """What the tests above are about: there are vectors in the product's code."""
    product(numbers(3, 3), numbers(3, 3), numbers(3, 3))
    assert any("fmul <" in text for text in product.inspect_llvm().values())


@mc.jit
def relaxed(d: Any, i: Any, k: Any, low: Any, high: Any) -> Any:
    for j in range(low, high):
        through = d[i, k] + d[k, j]
        if through < d[i, j]:
            d[i, j] = through


@mc.jit
def eliminated(d: Any, i: Any, k: Any, low: Any, high: Any) -> Any:
    for j in range(low, high):
        d[i, j] -= d[i, k] * d[k, j]


@mc.jit
def shifted(d: Any, i: Any, k: Any, low: Any, high: Any) -> Any:
    for j in range(low, high):
        through = d[i, k] + d[j, i]
        d[i, j] = through
        d[k, j] += 1.0


PLACE = st.integers(-4, 40)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([relaxed, eliminated, shifted]), PLACE, PLACE, PLACE, PLACE)
def test_a_row_that_changes_is_read_as_it_is(
    kernel: Any, i: int, k: int, low: int, high: int
) -> None:
    check(kernel, numbers(36, 36), i, k, low, high)
