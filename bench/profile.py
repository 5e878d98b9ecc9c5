"""
What the profiler costs, and how true it is.

``python bench/profile.py`` runs fixed work with and without a profile at 100 Hz, in pairs whose
order alternates, and prints the median of the ratios with its interval; then planted shares against
what the program itself measured.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from measurement import machine

import manycore as mc

HZ = 100.0
DATA = np.random.default_rng(0).random(20_000)


def loop(count: int) -> int:
    """Do what takes the processor and calls nothing."""
    total = 0
    for number in range(count * 400):
        total += number
    return total


def fibonacci(number: int) -> int:
    """Do what hardly does anything but call."""
    return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)


def sort(count: int) -> None:
    """Do what NumPy does without the GIL."""
    for _ in range(count):
        np.sort(DATA)


def cold(count: int) -> None:
    """Do the rest."""
    seen = {}
    for number in range(count * 200):
        seen[number & 255] = number


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the wall seconds of a call, and its thread's seconds of processor time."""
    start, processor = time.perf_counter(), time.thread_time()
    work()
    return time.perf_counter() - start, time.thread_time() - processor


def slow_down(work: Callable[[], object], pairs: int) -> tuple[list[float], list[float]]:
    """Return, of each pair, by how much the profiled run was longer."""
    walls, processors = [], []
    for pair in range(pairs):
        seconds: dict[bool, tuple[float, float]] = {}
        for profiled in sorted((False, True), reverse=pair % 2 == 0):
            if profiled:
                with mc.profile(hz=HZ):
                    seconds[profiled] = timed(work)
            else:
                seconds[profiled] = timed(work)
        walls.append(seconds[True][0] / seconds[False][0] - 1)
        processors.append(seconds[True][1] / seconds[False][1] - 1)
    return walls, processors


def interval(values: list[float]) -> tuple[float, float, float]:
    """Return the median and its 90 % bootstrap interval."""
    draw = random.Random(0)
    medians = sorted(statistics.median(draw.choices(values, k=len(values))) for _ in range(2_000))
    return statistics.median(values), medians[100], medians[-101]


def shares(hot: Callable[[int], object], share: float, threads: int, seconds: float) -> float:
    """Profile a planted share; return by how many points the profile is wrong."""

    def unit(function: Callable[[int], object]) -> float:
        return min(timed(lambda: function(20))[0] for _ in range(5)) / 20

    steps = max(1, round(0.04 * share / unit(hot)))
    others = max(1, round(0.04 * (1 - share) / unit(cold)))
    spent = [0.0, 0.0]

    def work() -> None:
        end = time.perf_counter() + seconds
        while (start := time.perf_counter()) < end:
            hot(steps)
            between = time.perf_counter()
            cold(others)
            spent[0] += between - start
            spent[1] += time.perf_counter() - between

    with mc.profile(hz=HZ) as profile:
        running = [threading.Thread(target=work) for _ in range(threads - 1)]
        for thread in running:
            thread.start()
        work()
        for thread in running:
            thread.join()
    seen = {row.function: row.seconds for row in profile.functions()}
    found = seen[hot.__name__] / (seen[hot.__name__] + seen["cold"])
    return 100 * (found - spent[0] / sum(spent))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=int, default=12)
    options.add_argument("--seconds", type=float, default=11.0, help="of each planted share")
    chosen = options.parse_args()
    print(machine(), "load", Path("/proc/loadavg").read_text(encoding="ascii").split()[:3])
    works = {"loop": lambda: loop(60_000), "fibonacci": lambda: fibonacci(30)}
    for name, work in works.items():
        walls, processors = slow_down(work, chosen.pairs)
        for kind, values in (("wall", walls), ("processor", processors)):
            median, low, high = interval(values)
            print(f"{name:10} {kind:9} {median:+.2%} ({low:+.2%} to {high:+.2%})")
        sys.stdout.flush()
    for hot, threads in ((loop, 1), (sort, 1), (loop, 2)):
        for share in (0.25, 0.5, 0.9):
            error = shares(hot, share, threads, chosen.seconds)
            print(
                f"{hot.__name__} in {threads} threads, {share:.0%}: {error:+.2f} points", flush=True
            )


if __name__ == "__main__":
    main()
