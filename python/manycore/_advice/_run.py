"""
Runs a user's script in processes of its own: under the profiler, observed, timed, tried.

A process has the user's interpreter, folder and environment, no input, and a temporary folder of
its own. `run_all` sees to it that nothing it has started is left when it ends or its time is over.
"""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from manycore._advice.observe import Observations, Wish

_BOOT = """\
import sys
sys.path.append(sys.argv[1])
from manycore._advice._child import main
main(sys.argv[2])
"""


@dataclass(frozen=True)
class Ended:
    """
    How a process ended.

    Attributes
    ----------
    answer : object
        What it had to say; None if it didn't get there.
    stderr : str
        What the script wrote there.
    timed_out : bool
        Whether its time was over.
    """

    answer: Any
    stderr: str
    timed_out: bool


def run(task: str, timeout: float, **request: Any) -> Ended:
    """
    Do a task of `_child` in a process of its own.

    Parameters
    ----------
    task : str
        ``"profile"``, ``"observe"``, ``"calls"`` or ``"trial"``.
    timeout : float
        Seconds.
    **request
        What it needs.
    """
    from manycore.programs import run_all

    with tempfile.TemporaryDirectory(prefix="manycore-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "tmp").mkdir()
        (folder / "request").write_bytes(pickle.dumps({"task": task, **request}))
        root = str(Path(__file__).resolve().parents[2])
        environment = {
            **os.environ,
            "TMPDIR": str(folder / "tmp"),
            # A second run goes as the first one did, sets included.
            "PYTHONHASHSEED": os.environ.get("PYTHONHASHSEED", "0"),
        }
        command = [sys.executable, "-c", _BOOT, root, name]
        options: dict[str, Any] = {"timeout": timeout, "env": environment, "progress": False}
        [ended] = run_all([command], jobs=1, **options)
        written = folder / "answer"
        answer = pickle.loads(written.read_bytes()) if written.exists() else None
        late = ended.error is not None and "TimeoutExpired" in type(ended.error).__name__
        text = ended.stderr
        text = text if isinstance(text, str) else text.decode(errors="replace")
        return Ended(answer, text, late)


@dataclass
class Profiled:
    """
    What the advisor reads of a profile, and what a profile doesn't know: how the script ended.

    Attributes
    ----------
    seconds, cpu_seconds : float
        What the script took.
    exit_code : int
        What it ended with.
    weights : list
        Stacks of (file, function, line), root first, and their seconds.
    """

    seconds: float
    cpu_seconds: float
    exit_code: int
    weights: list[tuple[tuple[tuple[str, str, int], ...], float]]

    def stacks(self) -> list[tuple[tuple[tuple[str, str, int], ...], float]]:
        """Return stacks, root first, and their seconds."""
        return self.weights


def profile(
    path: str, argv: Sequence[str], timeout: float, hz: float | None = None
) -> tuple[Profiled | None, Ended]:
    """
    Profile a script.

    Parameters
    ----------
    path, argv : str, sequence of str
        The script and its arguments.
    timeout : float
        Seconds.
    hz : float, optional
        Samples a second.

    Returns
    -------
    tuple
        The profile, None if the process didn't get that far; and how it ended.
    """
    ended = run("profile", timeout, path=path, argv=list(argv), hz=hz)
    return (None if ended.answer is None else Profiled(*ended.answer)), ended


def observe(path: str, argv: Sequence[str], wanted: Iterable[Wish], timeout: float) -> Observations:
    """
    Run a script again and look at what stands behind the wanted names.

    Parameters
    ----------
    path, argv : str, sequence of str
        The script and its arguments.
    wanted : iterable of Names and Calls
        Where to look.
    timeout : float
        Seconds.

    Returns
    -------
    Observations
        Empty if the script didn't get to its end in time.
    """
    from manycore._advice.observe import Observations, wishes_to_json

    wishes = wishes_to_json(wanted)
    ended = run("observe", timeout, path=path, argv=list(argv), wishes=wishes)
    return Observations() if ended.answer is None else Observations.from_json(ended.answer)
