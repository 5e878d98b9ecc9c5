"""
Measures `mc.Pool` and `mc.Executor` against the standard library's pools.

Pools are warm but where their start is what is measured. Answers are compared. Arrays are also
compared with what nobody can avoid who moves them between processes: to write them into memory that
both can see, fresh from the kernel, and the result into more of that.

Example: ``python bench/pool.py``.
"""

from __future__ import annotations

import argparse
import mmap
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from measurement import RESULTS, Contender, available_cores, interleave, report, store

import manycore as mc


def same(value: Any) -> Any:
    """Return the argument: the task that takes no time."""
    return value


def checked(array: np.ndarray) -> tuple[int, float, float]:
    """Say enough about an array to tell it from another one."""
    return len(array), float(array[0]), float(array[-1])


def submit_all(submit: Callable[[int], Any], get: Callable[[Any], Any], count: int) -> int:
    """Submit tasks one by one, and add their results."""
    return sum(get(result) for result in [submit(number) for number in range(count)])


def next_up(array: np.ndarray) -> np.ndarray:
    """Return a new array of the same size."""
    return array + 1


def raw(array: np.ndarray, write: Callable[[np.ndarray, np.ndarray], Any]) -> np.ndarray:
    """Write an array into shared memory, and what is made of it into other shared memory."""
    there = np.frombuffer(mmap.mmap(-1, array.nbytes), array.dtype)
    there[:] = array
    back = np.frombuffer(mmap.mmap(-1, array.nbytes), array.dtype)
    write(back, there)
    return back


def one_by_one(apply: Callable[..., Any], count: int) -> int:
    """Call a function again and again, each time when the last result is there."""
    return sum(apply(same, (number,)) for number in range(count))


def start_and_close(make: Callable[[], Any]) -> list[int]:
    """Make a pool, get a first result, close it, and wait until its workers have gone."""
    with make() as pool:
        results = pool.map(same, [1, 2])
        pool.close()
        pool.join()
        return list(results)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure mc.Pool against its peers.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=RESULTS / "pool.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    cores = available_cores()
    numbers = range(100_000)
    blobs = [bytes([number % 251]) * 10_000 for number in range(10_000)]
    array = np.ones(12_500_000)
    peer = multiprocessing.get_context("fork").Pool(cores)
    executor = ProcessPoolExecutor(cores)
    with peer, executor, mc.Pool(cores) as ours, mc.Executor(cores) as submitting:
        # All workers are there, and know the functions.
        for warm in (peer.map, ours.map):
            warm(same, range(1000))
        for begin in (executor.map, submitting.map):
            list(begin(same, range(100)))

        cases: dict[str, list[Contender]] = {
            "map, 100,000 calls that do nothing": [
                Contender("manycore", lambda: ours.map(same, numbers), len),
                Contender("multiprocessing", lambda: peer.map(same, numbers), len),
            ],
            "map, 10,000 arguments of 10 kB": [
                Contender("manycore", lambda: ours.map(len, blobs), sum),
                Contender("multiprocessing", lambda: peer.map(len, blobs), sum),
            ],
            "100,000 calls submitted one by one": [
                Contender(
                    "manycore",
                    lambda: submit_all(
                        lambda n: submitting.submit(same, n), lambda r: r.result(), 100_000
                    ),
                ),
                Contender(
                    "ProcessPoolExecutor",
                    lambda: submit_all(
                        lambda n: executor.submit(same, n), lambda r: r.result(), 100_000
                    ),
                ),
                Contender(
                    "manycore, apply_async",
                    lambda: submit_all(
                        lambda n: ours.apply_async(same, (n,)), lambda r: r.get(), 100_000
                    ),
                ),
                Contender(
                    "multiprocessing, apply_async",
                    lambda: submit_all(
                        lambda n: peer.apply_async(same, (n,)), lambda r: r.get(), 100_000
                    ),
                ),
            ],
            "1,000 calls, each when the last has returned": [
                Contender("manycore", lambda: one_by_one(ours.apply, 1000)),
                Contender("multiprocessing", lambda: one_by_one(peer.apply, 1000)),
            ],
            "100 MB array there and back": [
                Contender("manycore", lambda: ours.apply(same, (array,)), checked),
                Contender("multiprocessing", lambda: peer.apply(same, (array,)), checked),
                Contender("raw shared memory", lambda: raw(array, np.copyto), checked),
            ],
            "100 MB array there, another one back": [
                Contender("manycore", lambda: ours.apply(next_up, (array,)), checked),
                Contender("multiprocessing", lambda: peer.apply(next_up, (array,)), checked),
                Contender(
                    "raw shared memory",
                    lambda: raw(array, lambda back, there: np.add(there, 1, out=back)),
                    checked,
                ),
            ],
            "start, first result, close": [
                Contender("manycore", lambda: start_and_close(lambda: mc.Pool(cores)), str),
                Contender(
                    "multiprocessing, spawn",
                    lambda: start_and_close(
                        lambda: multiprocessing.get_context("spawn").Pool(cores)
                    ),
                    str,
                ),
                Contender(
                    "multiprocessing, fork",
                    lambda: start_and_close(
                        lambda: multiprocessing.get_context("fork").Pool(cores)
                    ),
                    str,
                ),
            ],
        }
        document: dict[str, Any] = {"cores_used": cores}
        for title, contenders in cases.items():
            rows = interleave(contenders, options.rounds, quiet=True)
            if len({str(row.answer) for row in rows}) > 1:
                raise SystemExit(f"{title}: {[(row.name, row.answer) for row in rows]} differ")
            document[title] = report(title, rows, rows[0])
    store(options.output, document, options.date)


if __name__ == "__main__":
    main()
