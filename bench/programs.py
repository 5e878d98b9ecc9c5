"""
Measures `mc.run_all` against `subprocess.run` on threads and against ``xargs -P``.

Programs that do nothing, so that what is left is the runner's own time; one that copies 100 MB; and
programs of a process that holds 2 GB, where it shows who copies its page tables to start one.

Example: ``python bench/programs.py``.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from measurement import RESULTS, Contender, available_cores, interleave, report, store

import manycore as mc

COUNT = 1000


def on_threads(commands: Sequence[Sequence[str]], jobs: int) -> list[int]:
    """Run programs as one does without us."""
    with ThreadPoolExecutor(jobs) as executor:
        run = executor.map(lambda each: subprocess.run(each, capture_output=True), commands)
        return [ended.returncode for ended in run]


def one_by_one(commands: Sequence[Sequence[str]], hook: Callable[[], None] | None = None) -> int:
    """Run programs without threads; count those that fail."""
    ended = [subprocess.run(each, capture_output=True, preexec_fn=hook) for each in commands]
    return sum(each.returncode != 0 for each in ended)


def with_xargs(program: str, jobs: int) -> list[int]:
    """Run a program as often; xargs captures nothing."""
    numbers = "\n".join(map(str, range(COUNT)))
    command = ["xargs", "-n", "1", "-P", str(jobs), program]
    ended = subprocess.run(command, input=numbers, text=True, check=True)
    return [ended.returncode] * COUNT


def contenders(program: str, jobs: int) -> list[Contender]:
    """List those who run a program that does nothing."""
    commands = [[program, str(number)] for number in range(COUNT)]
    return [
        Contender("manycore", lambda: [r.returncode for r in mc.run_all(commands, jobs=jobs)], sum),
        Contender("subprocess.run on threads", lambda: on_threads(commands, jobs), sum),
        Contender("xargs -P", lambda: with_xargs(program, jobs), sum),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure mc.run_all against its peers.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--output", type=Path, default=RESULTS / "programs.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    program = shutil.which("true") or "true"
    cores = available_cores()
    data = bytes(100_000_000)
    document: dict[str, Any] = {"cores_used": cores, "programs": COUNT}

    def measure(title: str, rivals: list[Contender]) -> None:
        rows = interleave(rivals, options.rounds, quiet=True)
        if len({str(row.answer) for row in rows}) > 1:
            raise SystemExit(f"{title}: {[(row.name, row.answer) for row in rows]} differ")
        document[title] = report(title, rows, rows[0])

    measure(f"{COUNT:,} programs, one job", contenders(program, 1))
    measure(f"{COUNT:,} programs, {cores} jobs", contenders(program, cores))
    measure(
        "100 MB in and out of cat",
        [
            Contender(
                "manycore",
                lambda: mc.run_all(["cat"], input=data, encoding=None)[0].stdout,
                len,
            ),
            Contender(
                "subprocess.run",
                lambda: subprocess.run(["cat"], input=data, capture_output=True).stdout,
                len,
            ),
        ],
    )
    few = [[program]] * 100
    held = bytearray(b"x") * 2_000_000_000
    measure(
        "100 programs, one job, 2 GB held",
        [
            Contender("manycore", lambda: len(mc.run_all(few, jobs=1).failed)),
            Contender("subprocess.run", lambda: one_by_one(few)),
            # What a hook between fork and exec costs, in Python as in Rust's own `Command`.
            Contender("subprocess.run, forking", lambda: one_by_one(few, lambda: None)),
        ],
    )
    del held
    store(options.output, document, options.date)


if __name__ == "__main__":
    main()
