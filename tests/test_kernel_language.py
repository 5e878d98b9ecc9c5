"""What compiled functions know of the language beside loops over arrays: as Python does it."""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import manycore as mc
from alike import same
from manycore import CompileError

Point = namedtuple("Point", "x y")


pytestmark = pytest.mark.usefixtures("way")


def total(a: Any, axis: Any) -> Any:
    return np.sum(a, axis=axis)


def a_constant_for_a_function(_n: int) -> Any:
    a = np.arange(12.0).reshape(3, 4)
    return total(a, 0), total(a, 1)


def whole_numbers(n: int) -> Any:
    return (
        *(math.comb(n, 2), math.perm(n, 2), math.factorial(n), math.isqrt(n)),
        *(math.gcd(n, 14), math.lcm(n, 4), math.comb(60, 30), math.isqrt(2**62 - 1)),
        *(math.isqrt(2**63 - 1), math.comb(3, 5), math.gcd(-12, 18), math.gcd(0, 0)),
        *((3.0).is_integer(), n.bit_length(), (n * 1000).bit_length(), (-n).bit_length()),
    )


def of_any_number(a: Any, *rest: Any) -> Any:
    result = a
    for one in rest:
        result += one
    return result, len(rest)


def surplus_arguments(n: int) -> Any:
    return of_any_number(n), of_any_number(n, 1), of_any_number(n, 1, 2.5)


def named_tuples(n: int) -> Any:
    p = Point(n, 2.5)
    q = Point(y=1, x=p.y)
    return q, p.x + q.x, isinstance(q, Point), isinstance((1, 2), Point)


def named_expressions(n: int) -> Any:
    s = 0
    while (k := n - s) > 0:
        s += 2
    if (m := s * 2) > 3 and (w := m + 1) > 0:
        s += w
    return s, k, m


def matches(n: int) -> Any:
    r = 0
    for i in range(n):
        match i:
            case 0:
                r += 1
            case 1 | 2:
                r += 10
            case k if k > 5 and n > 3:
                r += 100
            case _:
                r += 1000
    match n:
        case 7:
            word = "seven"
        case _:
            word = "other"
    return r, word


def methods_of_ufuncs(_n: int) -> Any:
    a = np.arange(6.0)
    places = np.array([0, 2, 2, 5])
    np.add.at(a, places, 1.0)
    np.subtract.at(a, places, np.array([1.0, 2.0, 3.0, 4.0]))
    m = np.arange(12.0).reshape(3, 4)
    np.add.at(m, (np.array([0, 0, 2]), np.array([1, 1, 3])), 5.0)
    return (
        *(a, m, np.add.outer(a, np.arange(3)), np.multiply.outer(np.arange(3), m)),
        *(np.add.reduce(m), np.minimum.reduce(m, axis=1), np.add.accumulate(m, axis=1)),
        *(np.maximum.accumulate(np.array([3, 1, 4, 1, 5])), np.multiply.reduce(np.arange(1, 5))),
        *(np.bitwise_xor.reduce(np.array([5, 3, 9])), np.subtract.reduce(m, axis=0)),
        np.add.reduceat(np.arange(8), np.array([0, 4, 1, 5])),
    )


def where_of_ufuncs(_n: int) -> Any:
    a = np.array([1.0, 0.0, 4.0, 9.0])
    mask = a > 0
    np.power(a, -0.5, out=a, where=mask)
    b = np.zeros(4)
    np.divide(1.0, a, out=b, where=mask)
    c = np.multiply(a, b, where=True)
    np.add(a, b, out=c)
    return a, b, c


def kind(x: Any) -> int:
    if isinstance(x, (int, np.integer)):
        return 1
    if isinstance(x, float):
        return 2
    return 3 if isinstance(x, np.ndarray) else 4


def kinds(n: int) -> Any:
    kept = kind(n), kind(2.5), kind(np.zeros(2)), kind((1, 2))
    return kept, type(n) is int, float is float, type(n)(3.7), np.zeros(3).dtype.kind == "f"


def maps_and_filters(n: int) -> Any:
    doubled = list(map(lambda x: x * 2, [1, 2, n]))  # noqa: C417
    large = list(filter(lambda x: x > 1, range(n)))
    sums = list(map(lambda a, b: a + b, range(3), [4, 5, 6]))
    return doubled, large, sums, np.arange(4).tolist(), np.arange(6.0).reshape(2, 3).tolist()


def generator_expressions(n: int) -> Any:
    return (
        *(sum(i * i for i in range(n)), max(abs(i - 3) for i in range(n)), sum(range(n))),
        *(any(i == 3 for i in range(n)), all(i < 3 for i in range(n)), min(i for i in [n, 3])),
        np.array([[p + q for p in range(3)] for q in range(n)]),
    )


def texts(_n: int) -> Any:
    s = "ij,jk"
    count = 0
    for letter in s:
        if letter == "j":
            count += 1
    return (
        *("i" in s, "x" in s, s.find(","), s[0] == "i", s[1:] == "j,jk", len(s[3:])),
        *(s.count("j"), count, s.upper() == "IJ,JK", s.replace(",", "") + "z" == "ijjkz"),
        *((1, 2, 3).index(2), ord("a"), float("inf"), int("12"), [c == "," for c in s]),
    )


def mixed_indices(_n: int) -> Any:
    f = np.arange(60.0).reshape(3, 4, 5)
    m = np.arange(20).reshape(4, 5) % 3 == 0
    i = np.array([0, 2, 2])
    a = np.arange(20).reshape(4, 5)
    k = 1
    taken = f[k, m]
    f[k, m] = -1.0
    b = np.zeros((4, 5))
    j = np.array([0, 2])
    b[:, j] = 1.0
    b[1, j] += 5.0
    b[j, 1:3] = np.array([[7.0, 8.0], [9.0, 10.0]])
    b[1:3, j] = np.array([[1.5, 2.5], [3.5, 4.5]])
    b[np.ix_([0, 3], [3, 4])] = 8.0
    b[np.array([[0], [1]]), np.array([0, 4])] = np.array([2.0, 3.0])
    b[j] = np.array([6.0])
    c = np.zeros((2, 3, 4))
    c[0, :, j] = 3.0
    c[:, j, 2] = np.array([[1.0, 2.0], [3.0, 4.0]])
    return (
        *(taken, f, f[:, i], f[i, 1:3], f[0, :, i], f[:, i, i], f[i, :, 1], f[:, :, i], b, c),
        *(a[:, i], a[i, 0], a[1:3, i], a[..., i], a[i, ::-1], a[:, a[0] % 2 == 0]),
    )


def always(_x: Any) -> Any:
    raise ValueError("no")


def what_never_returns(n: int) -> Any:
    if n > 100:
        return always(n)
    while True:
        n += 1
        if n > 20:
            return n
    return 0


def transformed(x: Any) -> Any:
    n = x.shape[0]
    if n <= 1:
        return x
    even, odd = transformed(x[0::2]), transformed(x[1::2])
    turned = np.exp(-2j * np.pi * np.arange(n // 2) / n) * odd
    return np.concatenate((even + turned, even - turned))


def a_recursion_of_arrays(_n: int) -> Any:
    x = np.arange(8.0) + 0j
    return np.abs(np.abs(transformed(x)).sum() - 56.1065) < 1e-3


def a_seeded_generator(_n: int) -> Any:
    rng = np.random.default_rng(42)
    again = np.random.default_rng(42)
    drawn = [rng.random() for _ in range(1000)]
    return 400 < sum(drawn) < 600, drawn[0] == again.random(), drawn[1] != drawn[0]


def comprehension_variables(n: int) -> Any:
    x = n
    squares = [x * x for x in range(3)]
    return x, squares


@pytest.mark.parametrize(
    "function",
    [
        a_constant_for_a_function,
        whole_numbers,
        surplus_arguments,
        named_tuples,
        named_expressions,
        matches,
        methods_of_ufuncs,
        where_of_ufuncs,
        kinds,
        maps_and_filters,
        generator_expressions,
        texts,
        mixed_indices,
        what_never_returns,
        a_recursion_of_arrays,
        a_seeded_generator,
        comprehension_variables,
    ],
)
def test_as_in_python(function: Callable[..., Any]) -> None:
    found, wanted = mc.jit(function)(7), function(7)
    assert same(found, wanted), (found, wanted)


def test_surplus_arguments_from_python() -> None:
    compiled = mc.jit(of_any_number)
    assert compiled(1) == (1, 0)
    assert compiled(1, 2, 3) == (6, 2)
    assert compiled(1, 2, 0.5) == (3.5, 2)


def factorial_of(n: int) -> int:
    return math.factorial(n)


def test_what_does_not_fit_64_bits_is_no_answer() -> None:
    with pytest.raises(OverflowError):
        mc.jit(factorial_of)(21)
    with pytest.raises(ValueError, match="negative"):
        mc.jit(factorial_of)(-1)


def too_few(n: int) -> Any:
    a = np.zeros(5)
    a[np.array([0, 1, 2])] = np.arange(float(n))
    return a


def parted(n: int) -> Any:
    a = np.zeros((5, 5))
    a[np.array([0, 1, 2]), np.arange(n)] = 1.0
    return a


@pytest.mark.parametrize("function", [too_few, parted])
def test_indices_and_values_that_do_not_go_together(function: Callable[..., Any]) -> None:
    assert same(mc.jit(function)(3), function(3))
    with pytest.raises(ValueError, match=r"broadcast|shape|size"):
        mc.jit(function)(2)


def made_and_returned(n: int) -> Any:
    return np.random.default_rng(n)


def of_a_pattern(n: int) -> int:
    match n:
        case [1, 2]:
            return 1
    return 0


@pytest.mark.parametrize(
    ("function", "said"),
    [(made_and_returned, "a generator is returned"), (of_a_pattern, "a case that is no number")],
)
def test_what_is_refused(function: Callable[..., Any], said: str) -> None:
    with pytest.raises(CompileError, match=said):
        mc.jit(function)(1)
