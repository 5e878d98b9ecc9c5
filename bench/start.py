"""
Measures what ``import manycore`` costs above an interpreter that does nothing.

In CPU time, because that is what a program pays on a busy machine, and it is steadier than wall
time at some milliseconds. NumPy must stay out of the import: it is loaded when first needed.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from measurement import RESULTS, Contender, interleave, report, store


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description="Measure the cost of importing manycore.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--output", type=Path, default=RESULTS / "start.json")
    parser.add_argument("--date", help="default: today")
    options = parser.parse_args(arguments)

    _refuse_numpy()
    rows = interleave(
        [_contender("python -c pass", "pass"), _contender("import manycore", "import manycore")],
        options.rounds,
        quiet=True,
    )
    bare, imported = rows
    document = report("Start of the interpreter", rows, bare)
    added = document["rows"][imported.name]["cpu"]["median"]
    added -= document["rows"][bare.name]["cpu"]["median"]
    print(f"\nimport manycore adds {1e3 * added:.1f} ms of CPU time")
    store(options.output, {**document, "added_cpu_seconds": added}, options.date)


def _contender(name: str, code: str) -> Contender:
    return Contender(name, lambda: _run(code), answer=lambda _: None, cpu=lambda seconds: seconds)


def _run(code: str) -> float:
    """Run a new interpreter; give its CPU time, without what this one spends on starting it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _refuse_numpy() -> None:
    """Also the first, unmeasured start: it writes the bytecode and fills the page cache."""
    code = "import sys, manycore; sys.exit('numpy' in sys.modules and 'manycore imports numpy')"
    _run(code)


if __name__ == "__main__":
    main()
