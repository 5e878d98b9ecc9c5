"""
The other end of `_run`: does one task with a user's script, in a process of its own.

The request lies in a folder, and the answer is written there as soon as it is known, whatever the
script does afterwards.
"""

from __future__ import annotations

import ast
import os
import pickle
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def main(folder: str) -> None:
    """Do what the request says."""
    place = Path(folder)
    request = pickle.loads((place / "request").read_bytes())
    task = request.pop("task")

    def answer(outcome: object) -> None:
        # Renamed, so that it is there as a whole or not at all.
        (place / "unfinished").write_bytes(pickle.dumps(outcome))
        (place / "unfinished").rename(place / "answer")

    tasks: dict[str, Any] = {
        "profile": _profile,
        "observe": _observe,
        "calls": _calls,
        "trial": _trial,
        "whole": _whole,
    }
    tasks[task](answer, **request)


def _profile(answer: Any, path: str, argv: list[str], hz: float | None) -> None:
    from manycore._profile import run_script

    options: dict[str, Any] = {} if hz is None else {"hz": hz}
    profile, code = run_script(path, argv, **options)
    answer((profile.seconds, profile.cpu_seconds, code, profile.stacks()))


def _observe(answer: Any, path: str, argv: list[str], wishes: str) -> None:
    from manycore._advice.observe import collect, wishes_from_json

    _silence()
    answer(collect(path, argv, wishes_from_json(wishes)).to_json())


def _calls(answer: Any, path: str, argv: list[str], rewrites: dict[int, Any]) -> None:
    from manycore._advice._script import HOOK, instrument, run_main
    from manycore._advice._trial import Calls

    _silence()
    units = {number: Calls() for number in rewrites}
    hooks = {HOOK.format(number): calls.hook for number, calls in units.items()}
    tree = instrument(Path(path).read_text(encoding="utf-8"), rewrites)
    run_main(path, argv, tree, hooks)
    answer({number: calls.seconds for number, calls in units.items()})


def _trial(answer: Any, path: str, argv: list[str], **request: Any) -> None:
    from manycore._advice._script import HOOK, instrument, run_main
    from manycore._advice._trial import Trial

    _silence()
    source = Path(path).read_text(encoding="utf-8")
    trial = Trial(path=path, tree=ast.parse(source), answer=answer, **request)
    tree = instrument(source, {0: trial.rewrite})
    hook: Any = trial.hook if trial.rewrite.is_function else trial.before
    run_main(path, argv, tree, {HOOK.format(0): hook})


def _whole(answer: Any, path: str, argv: list[str], source: str) -> None:
    import hashlib
    import tempfile
    import time

    from manycore._advice._effects import Written
    from manycore._advice._script import run_main

    _silence()
    output = tempfile.TemporaryFile()  # noqa: SIM115 (until this process ends)
    os.dup2(output.fileno(), 1)
    written = Written(tempfile.gettempdir())
    start = time.perf_counter()
    code = run_main(path, argv, ast.parse(source, path))
    seconds = time.perf_counter() - start
    sys.stdout.flush()
    output.seek(0)
    printed = hashlib.sha256(output.read()).hexdigest()
    answer((seconds, code, printed, written.digests()))


def _silence() -> None:
    """Let the script's output go nowhere: the user has seen it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sys.stdout.flush()
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
