"""
Measures `mc.delayed` against `dask.delayed` on Dask's threaded scheduler: trivial Python tasks.

A stencil of 100 × 100 (each task reads three of the row before) with a tree of sums on its last row,
and a tree of 10,000 numbers. Building the graph is included. Answers are compared.

Example: ``python bench/delayed.py``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import dask
from measurement import RESULTS, Contender, interleave, report, store

import manycore as mc

SIDE = 100
NUMBERS = 10_000


def increment(number: int) -> int:
    return number + 1


def add(*numbers: int) -> int:
    return sum(numbers) % 1_000_003


def stencil(delayed: Callable[..., Any]) -> Any:
    lazy_add = delayed(add, pure=False)
    row = [delayed(increment, pure=False)(number) for number in range(SIDE)]
    for _ in range(SIDE - 1):
        row = [
            lazy_add(row[max(place - 1, 0)], row[place], row[min(place + 1, SIDE - 1)])
            for place in range(SIDE)
        ]
    return tree(row, lazy_add)


def tree(row: list[Any], lazy_add: Callable[..., Any]) -> Any:
    while len(row) > 1:
        row = [lazy_add(*row[place : place + 2]) for place in range(0, len(row), 2)]
    return row[0]


def numbers(delayed: Callable[..., Any]) -> Any:
    lazy_increment = delayed(increment, pure=False)
    row = [lazy_increment(number) for number in range(NUMBERS)]
    return tree(row, delayed(add, pure=False))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure mc.delayed against dask.delayed.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=RESULTS / "delayed.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    document: dict[str, Any] = {}
    for title, build in {"stencil and tree": stencil, "tree of 10,000": numbers}.items():

        def dask_threads(build: Callable[..., Any] = build) -> int:
            return int(build(dask.delayed).compute(scheduler="threads"))

        def ours(lane: str, build: Callable[..., Any] = build) -> int:
            return int(build(mc.delayed).compute(lane=lane))

        contenders = [
            Contender("manycore, mixed lane", lambda: ours("mixed")),
            Contender("manycore, threads", lambda: ours("threads")),
            Contender("manycore, processes", lambda: ours("processes")),
            Contender("dask, threads", dask_threads),
        ]
        rows = interleave(contenders, options.rounds, quiet=True)
        if len({row.answer for row in rows}) > 1:
            raise SystemExit(f"{title}: {[(row.name, row.answer) for row in rows]} differ")
        document[title] = report(title, rows, rows[0])
    store(options.output, document, options.date)


if __name__ == "__main__":
    main()
