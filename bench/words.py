"""
Counts words, and finds the most frequent ones: manycore against its peers in one run.

Answers are compared before times are: a result is stored only if all who count as ``str.split``
does agree. ``wc`` has its own idea of a word, so its difference is stored instead.

Example: ``python bench/words.py --corpus bench/data/corpus --read-sum PATH``.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import peers
import pipelines
from measurement import RESULTS, Contender, Row, available_cores, interleave, report, spread, store

import corpus

WARM, COLD = "manycore, warm", "manycore, cold"
_PIPELINES = Path(pipelines.__file__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    options = _options(arguments)
    folder: Path = options.corpus
    files = peers.find_files(folder)
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1e6:.0f} MB, {options.cores} cores")
    peers.warm_page_cache(files)

    # The pool first: nobody should fork from a process in which manycore has started threads.
    pool, pool_start = peers.start_pool(options.cores)
    with pool:
        counts = [
            peers.pool_count(pool, options.cores, files),
            peers.wc_count(options.cores, folder, len(files)),
        ]
        if options.read_sum:
            counts.append(peers.read_sum(options.read_sum, options.cores, folder))
        tops = [peers.counter_frequencies(pool, options.cores, files)]
        first_calls = {}
        if not options.skip_manycore:
            first_calls["count"] = _add_manycore(counts, "count", pipelines.count, folder)
            first_calls["frequencies"] = _add_manycore(
                tops, "frequencies", pipelines.frequencies, folder
            )
        count_rows = interleave(counts, options.rounds)
        top_rows = interleave(tops, options.rounds)

    wc_difference = _compare_counts(count_rows, size)
    _compare_rankings(top_rows)
    document: dict[str, Any] = {
        "corpus": corpus.read_manifest(folder) or {"files": len(files), "bytes": size},
        "cores_used": options.cores,
        "count": report("Words", count_rows, _base(count_rows)),
        "frequencies": report("Ten most frequent words", top_rows, _base(top_rows)),
        "pool_start_seconds": pool_start,
        "wc_difference": wc_difference,
    }
    print(f"\npool start, not in the rows: {pool_start:.3f} s")
    print(f"words that wc -w counts more than str.split: {wc_difference}")
    if not options.skip_manycore:
        document["first_call_seconds"] = first_calls
        document["peak_memory"] = _peak_memory(folder)
        print("manycore's first calls in a process:", _join(first_calls, "{:.3f} s", 1))
        print("peak memory:", _join(document["peak_memory"], "{:.1f} MB", 1e6))
    output = options.output or (None if options.skip_manycore else RESULTS / "words.json")
    if output:
        store(output, document, options.date)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Count words, against the peers.")
    parser.add_argument("--corpus", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--read-sum", type=Path, metavar="PATH", help="the Rust baseline")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cores", type=int, default=available_cores())
    parser.add_argument("--skip-manycore", action="store_true", help="peers only; stores nothing")
    parser.add_argument("--output", type=Path, help="default: bench/results/words.json")
    parser.add_argument("--date", help="default: today")
    return parser.parse_args(arguments)


def _add_manycore(
    contenders: list[Contender], task: str, call: Callable[[str], object], folder: Path
) -> float:
    """Add the warm and the cold row, and give the seconds of the first call in this process."""
    started = time.perf_counter()
    call(str(folder))
    first_call = time.perf_counter() - started
    contenders += [
        Contender(WARM, lambda: call(str(folder))),
        Contender(COLD, lambda: _fresh(task, folder), answer=lambda result: result[0]),
    ]
    return first_call


def _fresh(task: str, folder: Path) -> tuple[Any, int]:
    """Run a task in a new interpreter; give its answer and its peak memory in bytes."""
    command = [sys.executable, str(_PIPELINES), task, str(folder)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    answer, peak = ast.literal_eval(output)
    return answer, int(peak)


def _compare_counts(rows: Sequence[Row], size: int) -> int:
    """Refuse different answers, and give how many more words ``wc`` counted."""
    pool, wc, *others = rows
    for row in others:
        expected = pool.answer if row.name in (WARM, COLD) else size
        if row.answer != expected:
            raise SystemExit(f"{row.name} answered {row.answer}, expected {expected}")
    return int(wc.answer - pool.answer)


def _compare_rankings(rows: Sequence[Row]) -> None:
    counter, *others = rows
    for row in others:
        if row.answer != counter.answer:
            raise SystemExit(f"{row.name} answered {row.answer}, expected {counter.answer}")


def _base(rows: Sequence[Row]) -> Row:
    return next((row for row in rows if row.name == WARM), rows[0])


def _peak_memory(folder: Path) -> dict[str, float]:
    """Give the median peak of three fresh interpreters for each task, in bytes."""
    return {
        task: spread([_fresh(task, folder)[1] for _ in range(3)])["median"]
        for task in ("nothing", "import", "count", "frequencies")
    }


def _join(values: dict[str, float], form: str, unit: float) -> str:
    return ", ".join(f"{name} {form.format(value / unit)}" for name, value in values.items())


if __name__ == "__main__":
    main()
