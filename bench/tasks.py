"""
Measures the scheduler's cost per task, with the Rust example ``tasks``.

The program prints a JSON line per case; it is run several times, and the rounds' median counts.

Example: ``python bench/tasks.py --binary target/release/examples/tasks``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from measurement import RESULTS, spread, store, table


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure the scheduler's cost per task.")
    parser.add_argument("--binary", type=Path, required=True, metavar="PATH")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=RESULTS / "tasks.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    measured: dict[tuple[str, int], list[float]] = {}
    for _ in range(options.rounds):
        for case, tasks, microseconds in run(options.binary):
            measured.setdefault((case, tasks), []).append(microseconds)
    cases = [
        {
            "case": case,
            "tasks": tasks,
            "rounds": len(values),
            "microseconds_per_task": spread(values),
        }
        for (case, tasks), values in measured.items()
    ]
    lines = [
        (case, f"{tasks:,}", len(values), *(f"{value:.3f}" for value in spread(values).values()))
        for (case, tasks), values in measured.items()
    ]
    print(table(("case", "tasks", "rounds", "µs per task", "min", "max"), lines))
    store(options.output, {"cases": cases}, options.date)


def run(binary: Path) -> list[tuple[str, int, float]]:
    """
    Run the example once.

    Parameters
    ----------
    binary : Path
        The compiled example.

    Returns
    -------
    list of tuple
        Case, number of tasks, and microseconds per task, for each line printed.
    """
    output = subprocess.run([binary], check=True, stdout=subprocess.PIPE, text=True).stdout
    documents = [json.loads(line) for line in output.splitlines() if line.strip()]
    return [
        (document["case"], document["tasks"], document["microseconds_per_task"])
        for document in documents
    ]


if __name__ == "__main__":
    main()
