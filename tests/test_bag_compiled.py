"""Compiled functions in a bag's `map` and `filter` do as the functions they are made of."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import manycore as mc

pytest.importorskip("llvmlite")


def collatz(n):  # type: ignore[no-untyped-def]
    steps = 0
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def half(x):  # type: ignore[no-untyped-def]
    return x / 2


def is_odd(x):  # type: ignore[no-untyped-def]
    return x % 2 == 1


def is_late(text):  # type: ignore[no-untyped-def]
    return text > "or"


def scaled(x, factor, offset=0):  # type: ignore[no-untyped-def]
    return x * factor + offset


def weighted(x, weights):  # type: ignore[no-untyped-def]
    return weights[x % len(weights)] * x


def parts(x):  # type: ignore[no-untyped-def]
    return x // 3, x % 3


def reciprocal(x):  # type: ignore[no-untyped-def]
    return 1 / x


LISTS: list[list[Any]] = [
    [],
    [1, -2, 3, 40, 27],
    [0.5, -0.0, 1e300, 2.0],
    [True, False, True],
    [2**62, 1, 2],
    [1, 2.5, True],
]


@pytest.mark.parametrize("items", LISTS, ids=str)
@pytest.mark.parametrize("function", [half, is_odd, parts, abs])
def test_map_and_filter_are_pythons(items: list[Any], function: Callable[[Any], Any]) -> None:
    fast = function if function is abs else mc.jit(function)
    bag = mc.bag.from_sequence(items, npartitions=2)
    mapped = [function(item) for item in items]
    got = bag.map(fast).compute()
    assert got == mapped
    assert [type(item) for item in got] == [type(item) for item in mapped]
    assert bag.filter(fast).compute() == [item for item in items if function(item)]


@pytest.mark.parametrize("items", LISTS, ids=str)
def test_numbers_stay_what_they_were(items: list[Any]) -> None:
    bag = mc.bag.from_sequence(items, npartitions=3)
    got = bag.compute()
    assert got == items
    assert [type(item) for item in got] == [type(item) for item in items]
    assert bag.sum().compute() == sum(items)
    if items:
        assert bag.max().compute() == max(items)
        assert bag.mean().compute() == sum(items) / len(items)


def test_sums_beyond_64_bits() -> None:
    assert mc.bag.from_sequence([2**62] * 8).sum().compute() == 2**65


def test_results_stay_native_from_step_to_step() -> None:
    bag = mc.bag.from_sequence(range(1, 1000), npartitions=4)
    steps = bag.map(mc.jit(collatz)).filter(mc.jit(is_odd)).map(mc.jit(half))
    odd = [collatz(n) for n in range(1, 1000) if collatz(n) % 2 == 1]  # type: ignore[no-untyped-call]
    assert steps.sum().compute() == sum(odd) / 2
    wanted = (("int", bag), ("int", bag.map(mc.jit(collatz))), ("float", steps))
    assert [one._core.element for _, one in wanted] == [name for name, _ in wanted]


def test_strings(tmp_path: Any) -> None:
    (tmp_path / "a.txt").write_text("to be or not to be\nthat is the question\n")
    words = mc.bag.read_text(tmp_path).str.split().flatten()
    late = ["to", "to", "that", "the", "question"]
    assert words.filter(mc.jit(is_late)).compute() == late
    assert words.map(mc.jit(is_late)).sum().compute() == len(late)


def test_arguments() -> None:
    bag = mc.bag.from_sequence([1, 2, 3])
    fast = mc.jit(scaled)
    assert bag.map(fast, 10).compute() == [10, 20, 30]
    assert bag.map(fast, 10, offset=0.5).compute() == [10.5, 20.5, 30.5]
    weights = np.array([0.5, 2.0])
    assert bag.map(mc.jit(weighted), weights).compute() == [2.0, 1.0, 6.0]
    with pytest.raises(TypeError, match="missing a required argument: 'factor'"):
        bag.map(fast)


def test_random_generators_are_pythons_business() -> None:
    draw = mc.jit(lambda x, rng: x + rng.random())
    got = mc.bag.from_sequence([1, 2]).map(draw, np.random.default_rng(1)).compute()
    assert 1 <= got[0] < 2 <= got[1] < 3


@pytest.mark.parametrize("lane", ["inline", "threads", "processes"])
def test_exceptions_name_the_element(lane: Any) -> None:
    bag = mc.bag.from_sequence([4, 2, 0, 1], npartitions=1)
    with mc.config(lane=lane), pytest.raises(ZeroDivisionError) as caught:
        bag.map(mc.jit(reciprocal)).compute()
    assert "at the element 0" in caught.value.__notes__


def test_among_steps_of_python() -> None:
    bag = mc.bag.from_sequence(range(100), npartitions=4)
    got = bag.map(mc.jit(half)).map(lambda x: x + 1).filter(lambda x: x > 40).compute()
    assert got == [x / 2 + 1 for x in range(100) if x / 2 + 1 > 40]
    with mc.config(lane="processes"):
        assert bag.map(mc.jit(half)).map(lambda x: -x).min().compute() == -49.5


def test_what_is_not_compiled_says_so_where_it_is_asked_for() -> None:
    with pytest.raises(mc.CompileError, match="eval"):
        mc.bag.from_sequence([1, 2]).map(mc.jit(lambda x: eval("x")))


def endless(x):  # type: ignore[no-untyped-def]
    while x < 2:
        x = x % 2
    return x


def test_ctrl_c_ends_an_endless_loop() -> None:
    code = (
        "import manycore as mc, test_bag_compiled as t, _thread, threading, time\n"
        "bag = mc.bag.from_sequence([1, 2, 3, 4], npartitions=2).map(mc.jit(t.endless))\n"
        "threading.Timer(0.5, _thread.interrupt_main).start()\n"
        "begin = time.perf_counter()\n"
        "try: bag.compute()\n"
        "except KeyboardInterrupt: print('ended', time.perf_counter() - begin < 5)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd="tests"
    )
    assert done.stdout.split() == ["ended", "True"], done.stderr
