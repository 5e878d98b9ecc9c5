"""
Measures what the scaling laws promise, and prints it.

Published sets, parameters under noise and synthetic growth are the Rust example `laws` of the crate
`measure`; here it is run, and ten functions of known complexity are really timed: fitted over seven
doublings, and compared with what they take four times beyond.
"""

from __future__ import annotations

import argparse
import bisect
import hashlib
import heapq
import json
import random
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from measurement import RESULTS, machine

import manycore as mc

ROOT = Path(__file__).parent.parent
BEYOND = 4


def nested(n: int) -> int:
    """Count pairs, n²."""
    total = 0
    for i in range(n):
        for _ in range(n):
            total += i
    return total


def cubed(n: int) -> int:
    """Count triples, n³."""
    total = 0
    for i in range(n):
        for _ in range(n):
            for _ in range(n):
                total += i
    return total


def fronts(n: int) -> list[int]:
    """Put each item before all others, n²."""
    items: list[int] = []
    for item in range(n):
        items.insert(0, item)
    return items


def heap(items: list[float]) -> None:
    """Sort by a heap, n log n."""
    heapq.heapify(items)
    while items:
        heapq.heappop(items)


def searches(items: list[float]) -> int:
    """Look each item up in all, n log n."""
    items.sort()
    return sum(bisect.bisect_left(items, item) for item in items)


def numbers(n: int) -> list[float]:
    """Make a list to sort."""
    return [random.random() for _ in range(n)]


# Name, what is known of it, function, what makes its data, and the smallest size.
Subject = tuple[str, str, Callable[[Any], object], Callable[[int], object] | None, int]
SUBJECTS: list[Subject] = [
    ("sum(range)", "n", lambda n: sum(range(n)), None, 10_000),
    ("dict", "n", dict.fromkeys, numbers, 2_000),
    ("sha256", "n", lambda data: hashlib.sha256(data).digest(), bytes, 100_000),
    ("numpy sum", "n", lambda x: x.sum(), lambda n: np.random.random(n), 50_000),
    ("sorted", "n log n", sorted, numbers, 2_000),
    ("heap", "n log n", heap, numbers, 1_000),
    ("bisect", "n log n", searches, numbers, 1_000),
    ("numpy sort", "n log n", lambda x: x.sort(), lambda n: np.random.random(n), 20_000),
    ("nested loops", "n^2", nested, None, 20),
    ("insert(0)", "n^2", fronts, None, 1_000),
    ("three loops", "n^3", cubed, None, 4),
    ("numpy outer", "n^2", lambda x: np.outer(x, x), lambda n: np.random.random(n), 30),
]


def measure(subject: Subject, budget: float, clock: Callable[[], float]) -> dict[str, Any]:
    """Fit one function over seven doublings, and time it beyond."""
    name, known, function, setup, first = subject
    sizes = [first * 2**doubling for doubling in range(7)]
    fitted = mc.scaling.sizes(function, sizes, setup=setup, budget=budget, clock=clock)
    beyond = BEYOND * sizes[-1]
    ahead = fitted.predict(beyond)
    taken = []
    for _ in range(5):
        given = beyond if setup is None else setup(beyond)
        start = clock()
        function(given)
        taken.append(clock() - start)
    truth = statistics.mean(sorted(taken)[:3])
    return {
        "name": name,
        "known": known,
        "best": fitted.best,
        "predicted": ahead.seconds,
        "low": ahead.low,
        "high": ahead.high,
        "measured": truth,
        "error": abs(ahead.seconds / truth - 1),
        "noise": fitted.noise,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure what the scaling laws promise.")
    parser.add_argument("--budget", type=float, default=4.0, help="seconds for each function")
    parser.add_argument("--cpu", action="store_true", help="processor time, on a busy machine")
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--data", default="-", help="another data.toml of published sets")
    parser.add_argument("--skip-laws", action="store_true", help="time the functions only")
    parser.add_argument("--output", type=Path, default=RESULTS / "scaling.json")
    options = parser.parse_args(arguments)

    if not options.skip_laws:
        example = ["cargo", "run", "-q", "-p", "manycore-measure", "--example", "laws", "--"]
        subprocess.run([*example, options.data, str(options.seeds)], cwd=ROOT, check=True)
    clock = time.process_time if options.cpu else time.perf_counter
    rows = []
    print("(d) functions of known complexity, four times beyond seven doublings")
    print(f"{'':14}{'known':>9}  {'found':32}{'error':>7}  holds  noise")
    for subject in SUBJECTS:
        row = measure(subject, options.budget, clock)
        holds = "yes" if row["low"] <= row["measured"] <= row["high"] else "no"
        print(
            f"{row['name']:14}{row['known']:>9}  {row['best']:32}{row['error']:7.1%}  "
            f"{holds:5}  {row['noise']}",
            flush=True,
        )
        rows.append(row)
    median = statistics.median(row["error"] for row in rows)
    print(f"median error {median:.1%}")
    document = {"machine": machine(), "clock": clock.__name__, "rows": rows, "median_error": median}
    options.output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
