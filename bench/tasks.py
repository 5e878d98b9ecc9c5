"""
Measures the scheduler's cost per task, and what tracing adds, with the Rust example ``tasks``.

The program does its own rounds, interleaved, and prints a JSON line per case and number of workers.

Example: ``python bench/tasks.py --binary target/release/examples/tasks``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measurement import RESULTS, store, table


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure the scheduler's cost per task.")
    parser.add_argument("--binary", type=Path, required=True, metavar="PATH")
    parser.add_argument("--output", type=Path, default=RESULTS / "tasks.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    cases = run(options.binary)
    lines = [
        (
            name(case),
            case["workers"],
            f"{case['tasks']:,}",
            case["rounds"],
            *(
                f"{case['microseconds_per_task'][figure]:.3f}"
                for figure in ("median", "min", "max")
            ),
        )
        for case in cases
    ]
    print(table(("case", "workers", "tasks", "rounds", "µs per task", "min", "max"), lines))
    tracing = overhead(cases)
    print("\ntracing, time with over time without (medians)")
    lines = [(row["case"], row["workers"], f"{row['ratio']:.3f}") for row in tracing]
    print(table(("case", "workers", "ratio"), lines))
    store(options.output, {"cases": cases, "tracing": tracing}, options.date)


def name(case: dict[str, Any]) -> str:
    """Say in words what a case is."""
    work = f", {case['work_microseconds']} µs each" if case["work_microseconds"] else ""
    return f"{case['case']}{work}{', traced' if case['traced'] else ''}"


def overhead(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Divide each traced case's median by that of the same case without a trace.

    Parameters
    ----------
    cases : sequence of dict
        What `run` gives.

    Returns
    -------
    list of dict
        Case, workers and ratio.
    """
    medians = {
        (name(case), case["workers"]): case["microseconds_per_task"]["median"] for case in cases
    }
    rows = []
    for case in cases:
        if case["traced"]:
            plain, workers = name({**case, "traced": False}), case["workers"]
            ratio = medians[name(case), workers] / medians[plain, workers]
            rows.append({"case": plain, "workers": workers, "ratio": ratio})
    return rows


def run(binary: Path) -> list[dict[str, Any]]:
    """
    Run the example.

    Parameters
    ----------
    binary : Path
        The compiled example.

    Returns
    -------
    list of dict
        What each line says: case, workers, tasks, rounds, what a task computes (microseconds),
        whether it is traced, microseconds per task (wall and CPU).
    """
    output = subprocess.run([binary], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in output.splitlines() if line.strip()]


if __name__ == "__main__":
    main()
