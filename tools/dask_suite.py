"""
Runs Dask's own test suite with manycore as its scheduler, and with Dask's own beside it.

Each test is run twice, and those are printed that pass on Dask's threads and don't on ours.
Whatever scheduler a test names, and most name the synchronous one, is the one under test; so a test
that fails in both runs says nothing about us. Dask's wheel has its tests in it.

This file is the script, and the pytest plugin that the script hands to pytest.

Examples
--------
``python tools/dask_suite.py`` runs everything, for about half an hour;
``python tools/dask_suite.py bag array/tests/test_linalg.py -- -k qr`` runs a part, and what follows
``--`` is for pytest.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SUITES = ("tests", "array/tests", "bag/tests", "dataframe/tests", "dataframe/dask_expr/tests")
SCHEDULERS = {"dask": "dask.threaded", "manycore": "manycore.dask"}
LOCAL = ("sync", "synchronous", "single-threaded", "threads", "threading")

# Where the plugin finds the name of the scheduler, and of the file for what comes of each test.
SCHEDULER, OUTCOMES = "DASK_SUITE_SCHEDULER", "DASK_SUITE_OUTCOMES"
SECONDS_A_TEST = 120


def pytest_configure() -> None:
    """Put the scheduler under test in the place of all that run in this process."""
    import dask
    from dask.base import named_schedulers

    get = importlib.import_module(SCHEDULERS[os.environ[SCHEDULER]]).get
    # Some tests interrupt themselves, which does nothing in a shell's background job.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    named_schedulers.update(dict.fromkeys(LOCAL, get))
    dask.config.set(scheduler="threads")


def pytest_runtest_logreport(report: Any) -> None:
    """Write down what came of a test: each of its three parts, as it ends."""
    # What is expected to fail may depend on the order of a set.
    if hasattr(report, "wasxfail"):
        return
    if report.when == "call" or report.failed or report.skipped:
        with Path(os.environ[OUTCOMES]).open("a", encoding="utf-8") as file:
            file.write(json.dumps([report.nodeid, report.outcome]) + "\n")


def outcomes(scheduler: str, paths: list[str], words: list[str], log: Path) -> dict[str, str]:
    """Run tests with a scheduler; return what came of each, failures before all else."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "outcomes"
        file.touch()
        python_path = os.pathsep.join(
            [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
        )
        own = {SCHEDULER: scheduler, OUTCOMES: str(file), "PYTHONPATH": python_path}
        # Or it would find our own pyproject.toml above .venv.
        settings = Path(folder) / "pytest.ini"
        settings.write_text("[pytest]\n", encoding="utf-8")
        options = ["-p", "dask_suite", "-p", "no:cacheprovider", f"--timeout={SECONDS_A_TEST}"]
        command = [sys.executable, "-m", "pytest", "-q", *options, "-c", str(settings), *paths]
        with log.open("w", encoding="utf-8") as output:
            # A run that ends early has fewer outcomes, and each that is missing counts.
            subprocess.run(
                [*command, *words], cwd=folder, env=os.environ | own, stdout=output, stderr=output
            )
        found: dict[str, str] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            test, outcome = json.loads(line)
            if found.get(test) != "failed":
                found[test] = outcome
        return found


def compare(part: str, words: list[str]) -> list[str]:
    """Run a part with both schedulers; list the tests that pass with Dask's alone."""
    import dask

    folder = Path(dask.__file__).parent
    part = f"{part}/tests" if (folder / part / "tests").is_dir() else part
    found = {}
    for scheduler in SCHEDULERS:
        log = Path(tempfile.gettempdir()) / f"dask-{part.replace('/', '-')}-{scheduler}.log"
        found[scheduler] = outcomes(scheduler, [str(folder / part)], words, log)
        counts = list(found[scheduler].values())
        counted = ", ".join(f"{counts.count(kind)} {kind}" for kind in sorted(set(counts)))
        print(f"{part} on {scheduler}: {counted or 'nothing was run'} ({log})", flush=True)
    ours = found["manycore"]
    lost = [
        test
        for test, outcome in found["dask"].items()
        if outcome == "passed" and ours.get(test) != "passed"
    ]
    for test in lost:
        print(f"  {ours.get(test, 'never ended')}: {test}")
    return lost


def main() -> int:
    """Do what the command line asks; return the exit status."""
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    lost = [compare(part, words[end + 1 :]) for part in words[:end] or SUITES]
    return 1 if any(lost) else 0


if __name__ == "__main__":
    sys.exit(main())
