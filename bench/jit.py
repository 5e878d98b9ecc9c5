"""
Measures ``mc.jit`` against Numba: starting, compiling, and what compiled functions take.

Both compile the same functions (``jit_kernels.py``), each with its own defaults: ours checks
indices and answers Ctrl-C, Numba does neither. The ratios that count are those of CPU time, since
nothing here but two cores is a matter of waiting. Answers are compared before anything is timed.

Example: ``pip install numba``, then ``python bench/jit.py``.
"""

from __future__ import annotations

import argparse
import ast
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

import jit_kernels as kernels
import numba
import numpy as np
from measurement import RESULTS, Contender, interleave, report, store

import manycore as mc

_FIRST_CALL = Path(__file__).parent / "first_call.py"
_OURS, _NUMBA, _NUMPY = "manycore", "numba", "numpy"
# A call is repeated until it has taken this long.
_SECONDS = 0.05
# Elements of an array of which several stay in the second-level cache.
_IN_CACHE = 4096


class Timed(NamedTuple):
    """What a call took, and answered."""

    cpu: float
    answer: Any


class Case(NamedTuple):
    """A function, what to call it with, and how often that is done for one measurement."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure mc.jit against Numba.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--output", type=Path, default=RESULTS / "jit.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    with tempfile.TemporaryDirectory() as cache:
        os.environ["MANYCORE_CACHE"] = os.environ["NUMBA_CACHE_DIR"] = cache
        document = {
            "numba": numba.__version__,
            "import and first call": _start(options.rounds),
            "compile": _compile(options.rounds),
            "from the cache": _from_cache(options.rounds),
            "monte_carlo_pi": _pi(options.rounds),
            "two cores": _two_cores(options.rounds),
            "fused": _fused(options.rounds),
            "loops": _loops(options.rounds),
            "call": _call(options.rounds),
        }
    store(options.output, document, options.date)


def _start(rounds: int) -> dict[str, Any]:
    """Import and call a tiny function, in a new process."""
    contenders = [
        _elsewhere(_OURS, "manycore", "tiny"),
        _elsewhere(_NUMBA, "numba", "tiny"),
        _elsewhere("manycore, cached", "manycore", "tiny", "--cache"),
        _elsewhere("numba, cached", "numba", "tiny", "--cache"),
    ]
    return _measure("New process: import and first call of a tiny function", contenders, rounds)


def _compile(rounds: int) -> dict[str, Any]:
    """Call for the first time, in a process that has compiled before."""
    document = {}
    for name in ("monte_carlo_pi", "fused", "total"):
        function, arguments = getattr(kernels, name), kernels.small_arguments(name)
        contenders = [
            Contender(_OURS, _first_call(mc.jit(cache=False), function, arguments)),
            Contender(_NUMBA, _first_call(numba.njit, function, arguments)),
        ]
        for contender in contenders:
            contender.call()
        document[name] = _measure(f"Compiling {name}", list(map(_timed, contenders)), rounds)
    return document


def _from_cache(rounds: int) -> dict[str, Any]:
    """Call for the first time in a new process, after another one has."""
    document = {}
    for name in ("monte_carlo_pi", "fused", "total"):
        contenders = [
            _elsewhere(_OURS, "manycore", name, "--cache"),
            _elsewhere(_NUMBA, "numba", name, "--cache"),
        ]
        document[name] = _measure(f"{name} from the cache", contenders, rounds)
    return document


def _pi(rounds: int) -> dict[str, Any]:
    """Draw random numbers on one core."""
    samples = 1_000_000
    document = _compare("monte_carlo_pi", Case(kernels.monte_carlo_pi, (samples,)), rounds)
    return {**document, "samples": samples}


def _two_cores(rounds: int) -> dict[str, Any]:
    """
    Compare the same loop on one core and on two.

    Where others use the machine too, the wall says how much was left of it. How well the work was
    divided, the thread says that worked longest: its time is given as that of the CPU.
    """
    samples = 50_000_000
    functions = {
        "two cores": mc.jit(parallel=True)(kernels.parallel_pi),
        "one core": mc.jit(kernels.parallel_pi),
    }
    contenders = []
    for name, function in functions.items():
        function(1000)
        contenders.append(Contender(name, partial(_busiest, function, samples)))
    title = "monte_carlo_pi with prange; CPU: the busiest thread"
    return {**_measure(title, list(map(_timed, contenders)), rounds), "samples": samples}


def _busiest(call: Callable[[int], float], samples: int) -> Timed:
    before = _thread_times()
    pi = call(samples)
    spent = [used - before.get(name, 0) for name, used in _thread_times().items()]
    return Timed(max(spent) / 1e9, abs(pi - math.pi) < 1e-3)


def _thread_times() -> dict[str, int]:
    """Give the nanoseconds that each thread of this process has run for (Linux)."""
    return {
        task.name: int((task / "schedstat").read_text().split()[0])
        for task in Path("/proc/self/task").iterdir()
    }


def _fused(rounds: int) -> dict[str, Any]:
    """Evaluate ``sin(x)**2 + exp(-y)*z``, as an expression and as a loop."""
    generator = np.random.default_rng(0)
    x, y = generator.uniform(-3, 3, _IN_CACHE), generator.uniform(0, 3, _IN_CACHE)
    z, out = generator.random(_IN_CACHE), np.empty(_IN_CACHE)
    expression = Case(kernels.fused, (x, y, z))
    loop = Case(kernels.fused_loop, (x, y, z, out))
    return {
        "elements": _IN_CACHE,
        "expression": _compare("fused, an expression", expression, rounds, with_numpy=True),
        "loop": _compare("fused, a loop", loop, rounds),
    }


def _loops(rounds: int) -> dict[str, Any]:
    """Run loops of the kinds that scientists write."""
    generator = np.random.default_rng(0)
    vector, matrix = generator.random(20_000), generator.random((256, 256))
    a, b = generator.random((2, 128, 128))
    distances = generator.uniform(1, 100, (160, 160))
    # Floyd-Warshall changes its argument, and does as many comparisons when it is called again.
    bodies = (generator.normal(size=(5, 3)) * 10, generator.normal(size=(5, 3)))
    cases = {
        "sum": Case(kernels.total, (vector,)),
        "sum, elements": Case(kernels.total_of_elements, (vector,)),
        "sum, rows": Case(kernels.total_of_rows, (matrix,)),
        "sum, integers": Case(kernels.total_of_integers, (generator.integers(0, 9, 20_000),)),
        "dot": Case(kernels.dot, (vector, vector)),
        "stencil": Case(kernels.stencil, (matrix, np.zeros_like(matrix))),
        "nbody": Case(kernels.nbody, (*bodies, generator.random(5), 2000, 1e-3)),
        "mandelbrot": Case(kernels.mandelbrot, (np.zeros((64, 64), np.int64), 200)),
        "Floyd-Warshall": Case(kernels.floyd_warshall, (distances,)),
        "product": Case(kernels.product, (a, b, np.zeros_like(a))),
        "product, by rows": Case(kernels.product_by_rows, (a, b, np.zeros_like(a))),
    }
    document: dict[str, Any] = {name: _compare(name, case, rounds) for name, case in cases.items()}
    shares = {
        name: entry["rows"][_NUMBA]["ratio_to_base"]["cpu"]["of_medians"]
        for name, entry in document.items()
    }
    mean = statistics.geometric_mean(shares.values())
    print(f"\ngeometric mean: {mean:.2f}; least: {min(shares, key=shares.__getitem__)}")
    return {**document, "geometric_mean": mean}


def _call(rounds: int) -> dict[str, Any]:
    """Call what takes no time itself."""
    few = np.ones(10)
    cases = {
        "a number": Case(kernels.successor, (1,)),
        "two numbers": Case(kernels.sum_of_two, (1.5, 2.5)),
        "a tuple of two": Case(kernels.pair, (1.5,)),
        "an array": Case(kernels.total, (few,)),
        "three arrays": Case(kernels.add_to, (few, few, few.copy())),
        "an array that is made": Case(kernels.doubled, (few,)),
    }
    return {name: _compare(f"call: {name}", case, rounds) for name, case in cases.items()}


def _compare(title: str, case: Case, rounds: int, *, with_numpy: bool = False) -> dict[str, Any]:
    """Compile with both, compare what they answer and write, and take times."""
    calls: dict[str, Callable[..., Any]] = {
        _OURS: mc.jit(case.function),
        _NUMBA: numba.njit(case.function),
    }
    if with_numpy:
        calls[_NUMPY] = case.function
    answers = {name: _once(call, case.arguments) for name, call in calls.items()}
    tolerance = 1e-2 if case.function is kernels.monte_carlo_pi else 1e-9
    for name, answer in answers.items():
        for mine, other in zip(answers[_OURS], answer, strict=True):
            if mine is None and other is None:
                continue
            if not np.allclose(mine, other, rtol=tolerance, atol=0):
                raise SystemExit(f"{title}: {_OURS} and {name} differ")
    used = min(_repeated(calls[_NUMBA], case.arguments, 1).cpu for _ in range(5))
    count = max(1, round(_SECONDS / max(used, 1e-7)))
    contenders = [
        Contender(name, partial(_repeated, call, case.arguments, count))
        for name, call in calls.items()
    ]
    document = _measure(f"{title}, {count:,} calls", list(map(_timed, contenders)), rounds)
    return {**document, "calls": count}


def _once(call: Callable[..., Any], arguments: tuple[Any, ...]) -> list[Any]:
    """Call with copies; give the result and what has become of the copies."""
    copies = [value.copy() if isinstance(value, np.ndarray) else value for value in arguments]
    return [call(*copies), *copies]


def _repeated(call: Callable[..., Any], arguments: tuple[Any, ...], count: int) -> Timed:
    numbers = range(count)
    begin = time.process_time()
    for _ in numbers:
        call(*arguments)
    # What a result depends on changes from call to call; it was compared before.
    return Timed(time.process_time() - begin, None)


def _first_call(
    jit: Callable[..., Any], function: Any, arguments: tuple[Any, ...]
) -> Callable[[], Timed]:
    """Compile a function that nobody has seen."""

    def call() -> Timed:
        fresh = FunctionType(function.__code__, function.__globals__, function.__name__)
        fresh.__module__ = function.__module__
        begin = time.process_time()
        answer = jit(fresh)(*arguments)
        used = time.process_time() - begin
        return Timed(used, None if function is kernels.monte_carlo_pi else kernels.checksum(answer))

    return call


def _elsewhere(name: str, *arguments: str) -> Contender:
    """Run `first_call.py`; once now, so that there is something in the caches."""

    def call() -> Timed:
        command = [sys.executable, str(_FIRST_CALL), *arguments]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        cpu, answer = ast.literal_eval(output)
        return Timed(cpu, None if "monte_carlo_pi" in arguments else answer)

    call()
    return _timed(Contender(name, call))


def _timed(contender: Contender) -> Contender:
    """Have the time taken that the call itself says."""
    return Contender(
        contender.name,
        contender.call,
        answer=lambda timed: timed.answer,
        cpu=lambda timed: timed.cpu,
    )


def _measure(title: str, contenders: Sequence[Contender], rounds: int) -> dict[str, Any]:
    rows = interleave(contenders, rounds, quiet=True)
    if any(not _same(row.answer, rows[0].answer) for row in rows):
        raise SystemExit(f"{title}: {[(row.name, row.answer) for row in rows]} differ")
    return report(title, rows, rows[0])


def _same(one: float | None, other: float | None) -> bool:
    return one == other or (
        one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9)
    )


if __name__ == "__main__":
    main()
