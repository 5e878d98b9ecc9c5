"""Profiles against what is known of a program, and the command that makes them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import manycore as mc
from children import DEADLINE, output, run
from manycore import _core, _profile, _sampling

# Samples that make a share certain to three points, and how they are got in seconds.
ENOUGH = 1_100
HZ = 500.0
POINTS = 0.03

DATA = np.random.default_rng(0).random(20_000)


def hot_python(count: int) -> int:
    total = 0
    for number in range(count * 400):
        total += number
    return total


def hot_numpy(count: int) -> None:
    for _ in range(count):
        np.sort(DATA)


def cold(count: int) -> None:
    seen = {}
    for number in range(count * 200):
        seen[number & 255] = number


def unit(function: Callable[[int], object]) -> float:
    """Measure what one step of a function takes."""
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        function(20)
        best = min(best, (time.perf_counter() - start) / 20)
    return best


class Planted:
    """Spends a share of its time in one function, the rest in another; knows what it did."""

    def __init__(self, hot: Callable[[int], object], share: float) -> None:
        self.hot = hot
        cycle = 0.04
        self.steps = max(1, round(cycle * share / unit(hot)))
        self.others = max(1, round(cycle * (1 - share) / unit(cold)))
        self.seconds = [0.0, 0.0]

    def run(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        now = time.perf_counter()
        while now < end:
            self.hot(self.steps)
            between = time.perf_counter()
            cold(self.others)
            self.seconds[0] += between - now
            now, before = time.perf_counter(), between
            self.seconds[1] += now - before

    @property
    def share(self) -> float:
        return self.seconds[0] / sum(self.seconds)


def seen_share(profile: mc.Profile, hot: str) -> float:
    seconds = {row.function: row.seconds for row in profile.functions()}
    return seconds[hot] / (seconds[hot] + seconds["cold"])


def error_of(hot: Callable[[int], object], share: float, threads: int) -> tuple[float, int]:
    """Profile a planted function; return by how much the profile is wrong, and its samples."""
    planted = [Planted(hot, share) for _ in range(max(threads, 1))]
    seconds = (ENOUGH + 50) / HZ
    with mc.profile(hz=HZ) as p:
        if threads:
            running = [
                threading.Thread(target=each.run, args=(seconds,), name="planted")
                for each in planted
            ]
            for thread in running:
                thread.start()
            for thread in running:
                thread.join()
        else:
            planted[0].run(seconds)
    known = sum(each.seconds[0] for each in planted) / sum(sum(each.seconds) for each in planted)
    return seen_share(p, hot.__name__) - known, sum(row.samples for row in p.lines())


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
@pytest.mark.parametrize(
    ("hot", "threads"), [(hot_python, 0), (hot_numpy, 0), (hot_python, 2)], ids=str
)
def test_shares_are_true_to_three_points(
    hot: Callable[[int], object], threads: int, share: float
) -> None:
    errors = []
    # Another process that takes the processor at the wrong time is no fault of the profile's, twice.
    for _ in range(2):
        error, _ = error_of(hot, share, threads)
        errors.append(error)
        if abs(error) <= POINTS:
            break
    assert min(map(abs, errors)) <= POINTS, errors
