"""
Measures Dask programs on this engine against Dask's own threaded scheduler.

Each call is a whole ``compute``, with Dask's optimization of the graph, which is the same for both.
The scheduler's share is seen where tasks are small. Answers are compared.

Example: ``python bench/dask_graphs.py``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import dask
import dask.array
import dask.bag
import dask.dataframe
import numpy as np
import pandas as pd
from dask import base, core, threaded
from dask._expr import FinalizeCompute
from measurement import RESULTS, Contender, available_cores, interleave, report, store, table

import manycore as mc
from manycore._dask_graph import convert


def collatz(number: int) -> int:
    """Count the steps from a number to 1: Python's own work."""
    steps = 0
    while number != 1:
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        steps += 1
    return steps


def is_long(steps: int) -> bool:
    """Whether that is more than a hundred steps."""
    return steps > 100


def add(left: int, right: int) -> int:
    """Add two numbers: a task that does next to nothing."""
    return left + right


def tree(leaves: int) -> Any:
    """Add so many numbers by two, each addition a task."""
    delayed = dask.delayed(add)
    level = [delayed(number, 1) for number in range(leaves)]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [delayed(left, right) for left, right in pairs] + level[len(level) // 2 * 2 :]
    return level[0]


def programs() -> dict[str, tuple[Any, Callable[[Any], Any]]]:
    """Give each program's collection, and what makes its result comparable."""
    random = dask.array.random.default_rng(0)
    large = random.random((6000, 6000), chunks=(1000, 1000))
    matrix = random.random((3000, 3000), chunks=(750, 750))
    small = dask.array.ones((1000, 1000), chunks=(20, 20))
    rows = 2_000_000
    frame = pd.DataFrame({"key": np.arange(rows) * 7919 % 1000, "value": np.arange(rows) / 3})
    frames = dask.dataframe.from_pandas(frame, npartitions=8)
    numbers = dask.bag.from_sequence(range(1, 100_001), npartitions=16)

    def rounded(result: Any) -> Any:
        return np.asarray(result).round(6).tolist()

    def summed(result: Any) -> Any:
        return float(result.sum())

    return {
        "array: sum along an axis, 36 blocks of 8 MB": ((large + 1).sum(axis=0), rounded),
        "array: mean of x + x.T, 36 blocks of 8 MB": ((large + large.T).mean(), rounded),
        "array: x + x.T, 2,500 blocks of 3 kB": ((small + small.T).sum(), rounded),
        "array: blocked matrix product, 16 blocks of 4.5 MB": ((matrix @ matrix).sum(), rounded),
        "frame: mean by group, 2 million rows": (frames.groupby("key").value.mean(), summed),
        "frame: filter and sum, 2 million rows": (frames[frames.value > 1000].value.sum(), float),
        "bag: map and filter in Python, 100,000 items": (
            numbers.map(collatz).filter(is_long).count(),
            int,
        ),
        "delayed: a tree of 9,999 additions": (tree(5000), int),
    }


def conversion(collection: Any) -> tuple[int, float]:
    """
    Measure what it takes to make nodes of a graph.

    Returns
    -------
    tuple
        Tasks, and microseconds a task, the least of five.
    """
    expression = FinalizeCompute(base.collections_to_expr([collection])).optimize()
    graph = expression.__dask_graph__()
    keys = list(core.flatten(expression.__dask_keys__()))
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        convert(graph, keys)
        best = min(best, time.perf_counter() - begin)
    return len(graph), best / len(graph) * 1e6


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure Dask programs on this engine.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="a part of a program's name")
    parser.add_argument("--output", type=Path, default=RESULTS / "dask_graphs.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    document: dict[str, Any] = {"cores_used": available_cores()}
    costs = []
    for title, (collection, answer) in programs().items():
        if options.only not in title:
            continue

        contenders = [
            Contender("manycore", partial(collection.compute, scheduler=mc.dask.get), answer),
            Contender("dask, threads", partial(collection.compute, scheduler=threaded.get), answer),
        ]
        # Both warm: pools started, and libraries imported where tasks run.
        interleave(contenders, 1, quiet=True)
        rows = interleave(contenders, options.rounds, quiet=True)
        if rows[0].answer != rows[1].answer:
            raise SystemExit(f"{title}: {[(row.name, row.answer) for row in rows]} differ")
        for row in rows:
            row.answer = str(row.answer)[:40]
        document[title] = report(title, rows, rows[0])
        tasks, microseconds = conversion(collection)
        document[title] |= {"tasks": tasks, "conversion_microseconds_per_task": microseconds}
        costs.append((title, f"{tasks:,}", f"{microseconds:.2f}"))
    print("\nmaking nodes of a graph")
    print(table(("", "tasks", "µs per task"), costs))
    store(options.output, document, options.date)


if __name__ == "__main__":
    main()
