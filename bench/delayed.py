"""
Measures `mc.delayed` against `dask.delayed`: tasks that do nothing, the graph's building included.

A stencil of 100 × 100 tasks, each of which reads three of the row before, and a tree that adds
10,000 numbers by pairs. Both are built and computed in each round.

Example: ``python bench/delayed.py``.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dask.base import compute as dasks_compute
from dask.delayed import delayed as dasks_delayed
from measurement import RESULTS, Contender, available_cores, interleave, report, store

import manycore as mc

Delay = Callable[[Callable[..., Any]], Callable[..., Any]]
Compute = Callable[[Any], Any]

WIDTH = HEIGHT = 100
LEAVES = 10_000


def first(*values: int) -> int:
    """Return the first: the task that takes no time."""
    return values[0]


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def stencil(delay: Delay, evaluate: Compute) -> int:
    """Build and compute a stencil; return the sum of the last row."""
    task = delay(first)
    row: list[Any] = [task(place) for place in range(WIDTH)]
    for _ in range(HEIGHT - 1):
        row = [task(*row[max(place - 1, 0) : place + 2]) for place in range(WIDTH)]
    return sum(evaluate(row))


def tree(delay: Delay, evaluate: Compute) -> int:
    """Build and compute a tree of additions."""
    leaf, node = delay(first), delay(add)
    level: list[Any] = [leaf(number) for number in range(LEAVES)]
    while len(level) > 1:
        odd = level[len(level) & ~1 :]
        level = [node(*level[place : place + 2]) for place in range(0, len(level) - 1, 2)] + odd
    (total,) = evaluate(level)
    return int(total)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure mc.delayed against dask.delayed.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=RESULTS / "delayed.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    cores = available_cores()
    compute: Callable[..., Any] = dasks_compute
    peers: dict[str, tuple[Delay, Compute]] = {
        "manycore": (mc.delayed, lambda values: mc.compute(values)[0]),
        "manycore, threads": (mc.delayed, lambda values: mc.compute(values, lane="threads")[0]),
        "manycore, processes": (
            mc.delayed,
            lambda values: mc.compute(values, lane="processes")[0],
        ),
        "dask, threads": (
            dasks_delayed,
            lambda values: compute(values, scheduler="threads", num_workers=cores)[0],
        ),
        "dask, processes": (
            dasks_delayed,
            lambda values: compute(values, scheduler="processes", num_workers=cores)[0],
        ),
    }
    mc.compute(mc.delayed(first)(1), lane="processes")  # worker processes are there
    document: dict[str, Any] = {"cores_used": cores}
    for program, tasks in ((stencil, WIDTH * HEIGHT), (tree, 2 * LEAVES - 1)):
        contenders = [
            Contender(name, functools.partial(program, *peer)) for name, peer in peers.items()
        ]
        rows = interleave(contenders, options.rounds, quiet=True)
        if len({row.answer for row in rows}) > 1:
            raise SystemExit(f"{[(row.name, row.answer) for row in rows]} differ")
        title = f"{program.__name__}, {tasks:,} tasks"
        document[title] = report(title, rows, rows[0])
    store(options.output, document, options.date)


if __name__ == "__main__":
    main()
