"""
Sampling of this process and its workers: by the core, or, where it can't, by Python itself.

Workers and other children are told of a profile by a variable in their environment, which names a
folder; workers that were there before, by what comes with their next task. A child looks when it is
forked and when it imports manycore. Each samples itself, and writes what it saw into the folder
until the profile is over.
"""

from __future__ import annotations

import os
import sys

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType
    from typing import Any, NoReturn, TypeAlias

    # File, function and line, the outermost first.
    _Places: TypeAlias = tuple[tuple[str, str, int], ...]

# Tells workers how often, whether to note growth, and the folder.
_VARIABLE = "MANYCORE_PROFILE"

# Where `multiprocessing`'s children begin.
_PROCESS = f"{os.path.dirname(os.__file__)}/multiprocessing/process.py"  # noqa: PTH120

# Where Python's own threads wait for each other.
_WAITING = ("threading.py", "selectors.py", "queue.py", "socket.py")

# Functions that call what waits: workers of idle executors and pools, readers of pipes.
_WAITING_IN = (
    ("thread.py", "_worker"),
    ("connection.py", "_recv"),
    ("popen_fork.py", "poll"),
    ("subprocess.py", "_try_wait"),
)


def instructions() -> list[tuple[str, int]]:
    """List the interpreter's instructions, those that it replaces others by included."""
    import opcode

    names: dict[str, int] = dict(opcode.opmap)
    names.update(getattr(opcode, "_specialized_opmap", {}))
    if sys.version_info < (3, 13):
        import dis

        names.update(getattr(dis, "_all_opmap", {}))
    return [(name, number) for name, number in names.items() if number < 256]


class Sampling:
    """
    The sampling of one profile.

    Attributes
    ----------
    process : int
        Which process it is of.
    method : str
        ``"frames"`` or ``"current_frames"``.
    warning : str or None
        What is wrong with the latter.
    noise : str
        Whether others disturbed the machine; known at the end.
    absent : float
        Seconds of processor time of children that ended meanwhile and are not in it; likewise.
    """

    def __init__(self, hz: float, memory: bool) -> None:
        self.hz = hz
        self.process = os.getpid()
        self.method = "frames"
        self.warning: str | None = None
        self.noise = ""
        self.absent = 0.0
        self._memory = memory
        self._python: _CurrentFrames | None = None
        self._folder = ""

    def start(self) -> None:
        """Start, or raise."""
        import tempfile
        import threading

        if not 0.1 <= self.hz <= 10_000:
            raise ValueError(f"hz must be samples in a second, from 0.1 to 10000, not {self.hz}")
        if _VARIABLE in os.environ and _Open.process == os.getpid():
            raise RuntimeError("a profile of this process is being made already")
        main = threading.main_thread().native_id or 0
        self._watch = _core.noise()
        self._trace = _core.Trace()
        self._names = _Names()
        try:
            _core.profile_start(instructions(), self.hz, self._memory, main)
        except RuntimeError as refused:
            self.method = "current_frames"
            self.warning = (
                f"{refused}; so Python sampled itself, which sees threads only where they let go "
                "of the GIL: shares may be wrong by half; worker processes, other children and the "
                "engine's threads are not in it"
            )
            self._python = _CurrentFrames(self.hz)
        _Open.process = self.process
        # Not one that removes itself: a fork that ends like a program would remove its parent's.
        self._folder = tempfile.mkdtemp(prefix="manycore-profile-")
        told = f"{self.hz}:{int(self._memory)}:{self._folder}"
        _core.profile_open(self._folder, told)
        os.environ[_VARIABLE] = told
        self._children = _children_time()
        _follow_forks()

    def stop(self, patience: float) -> tuple[_core.Profile, list[Any]]:
        """Stop, and return what was seen, and the engine's operations."""
        import shutil

        os.environ.pop(_VARIABLE, None)
        _Open.process = 0
        names = self._names.stop()
        if self._python is None:
            seen = _core.profile_stop()
        else:
            seen = self._python.stop(names.by_identifier)
        if seen is None:
            raise RuntimeError("the profile was ended elsewhere")
        self._trace.stop()
        self.noise = self._watch.verdict(None)[0]
        children = _children_time() - self._children
        workers = _core.profile_close(self._folder, patience)
        shutil.rmtree(self._folder, ignore_errors=True)
        from manycore import _profile, _worker

        def cut(profile: _core.Profile) -> _core.Profile:
            return profile.without(_profile._FILE).without(_FILE)

        # A forked child's stacks begin with its parent's, which are no work of the parent's.
        loop = _worker.main.__code__.co_filename
        others = [cut(worker).without(_PROCESS).without(loop) for worker in workers]
        merged = cut(seen).named(names.by_number).merged(others)
        self.absent = max(0.0, children - merged.figures()[0][4])
        return merged, self._trace.summary()[1]


def _children_time() -> float:
    """Return the processor time of children that have ended, and theirs."""
    times = os.times()
    return times.children_user + times.children_system


class _Names:
    """
    What Python calls its threads, those that end meanwhile too.

    Attributes
    ----------
    by_number, by_identifier : dict
        By the kernel's number, and by Python's.
    """

    def __init__(self) -> None:
        import threading

        self._thread: Any
        self._thread = threading.Thread
        self._begin = begin = self._thread._bootstrap_inner
        self.by_number: dict[int, str] = {}
        self.by_identifier: dict[int, str] = {}

        def note(thread: threading.Thread, number: int | None, identifier: int | None) -> None:
            self.by_number[number or 0] = self.by_identifier[identifier or 0] = thread.name

        def begin_named(thread: threading.Thread) -> None:
            note(thread, threading.get_native_id(), threading.get_ident())
            begin(thread)

        for thread in threading.enumerate():
            note(thread, thread.native_id, thread.ident)
        self._thread._bootstrap_inner = begin_named

    def stop(self) -> _Names:
        """Stop, and return itself."""
        self._thread._bootstrap_inner = self._begin
        return self


class _Open:
    """What this process has to do with profiles; a fork has its parent's."""

    # Which process makes one: others have the variable of its profile.
    process = 0
    # Which process took part in which other's.
    joined = 0, ""
    is_following = is_leaving = False


class _CurrentFrames:
    """Samples by a Python thread."""

    def __init__(self, hz: float) -> None:
        import threading
        import time

        self._period = 1 / hz
        # Of each thread what it was seen in, one after the other: from when to when, how often.
        self._seen: dict[int, list[tuple[_Places, float, float, int]]] = {}
        self._samples = 0
        self._stop = threading.Event()
        self._start = time.perf_counter()
        self._processor = time.process_time()
        self._thread = threading.Thread(target=self._run, name="manycore-profile", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        import threading
        import time

        own = threading.get_ident()
        before = 0.0
        while not self._stop.wait(self._period):
            self._samples += 1
            # A sample stands for the time since the last one, as they come late.
            now = time.perf_counter() - self._start
            for thread, frame in sys._current_frames().items():
                if thread != own:
                    self._add(thread, _places(frame), before, now)
            before = now

    def _add(self, thread: int, places: _Places, start: float, end: float) -> None:
        spans = self._seen.setdefault(thread, [])
        if spans and spans[-1][0] == places and spans[-1][2] == start:
            _, start, _, count = spans.pop()
            spans.append((places, start, end, count + 1))
        else:
            spans.append((places, start, end, 1))

    def stop(self, names: Mapping[int, str]) -> _core.Profile:
        """Stop, and return what was seen; names are those of threads."""
        import time

        self._stop.set()
        self._thread.join()
        seconds = time.perf_counter() - self._start
        processor = time.process_time() - self._processor
        seen = [
            (
                names.get(thread, f"thread {thread}"),
                list(places),
                _waits(places[-1]),
                (start, end),
                count,
            )
            for thread, spans in self._seen.items()
            for places, start, end, count in spans
        ]
        return _core.Profile.seen(seen, seconds, processor, self._samples)


def _waits(place: tuple[str, str, int]) -> bool:
    """Tell whether a thread that was seen at a place waits there."""
    file = os.path.basename(place[0])  # noqa: PTH119
    return file in _WAITING or (file, place[1].rpartition(".")[2]) in _WAITING_IN


def _places(frame: FrameType | None) -> _Places:
    places = []
    while frame is not None:
        code = frame.f_code
        line = frame.f_lineno or code.co_firstlineno
        places.append((code.co_filename, code.co_qualname, line))
        frame = frame.f_back
    return tuple(reversed(places))


_FILE: str = _places.__code__.co_filename


def join(told: str, is_child: bool = False) -> None:
    """
    Take part in another process's profile.

    Parameters
    ----------
    told : str
        What the variable says.
    is_child : bool, default False
        Whether this is a child of a process that takes part, no worker.
    """
    import contextlib

    if (os.getpid(), told) == _Open.joined:
        return
    _Open.joined = os.getpid(), told
    os.environ[_VARIABLE] = told
    _follow_forks()
    hz, memory, folder = told.split(":", 2)
    # A process has its first thread's number, which `threading` does not know of a fork's.
    names, main = instructions(), os.getpid()
    # Who makes the profile has said what can't be read; the work goes on without.
    with contextlib.suppress(RuntimeError, OSError):
        _core.profile_work(folder, names, float(hz), memory == "1", main, is_child)
    _write_at_exit()


def join_as_child() -> None:
    """Take part in the profile that the environment names, if it is still made."""
    if _is_server():
        _follow_forks()
    else:
        _join_as_fork()


def _is_server() -> bool:
    """Tell whether this is `multiprocessing`'s server, which forks and so must have no thread."""
    from pathlib import Path

    server = "multiprocessing.forkserver"
    if not any(server in argument for argument in sys.orig_argv):
        return False
    # A fork of it has the same arguments.
    parent = Path(f"/proc/{os.getppid()}/cmdline")
    return not parent.exists() or server.encode() not in parent.read_bytes()


def _join_as_fork() -> None:
    if told := os.environ.get(_VARIABLE):
        join(told, is_child=True)


def _follow_forks() -> None:
    """Have what this process forks take part."""
    if not _Open.is_following:
        _Open.is_following = True
        os.register_at_fork(after_in_child=_join_as_fork)


def _write_at_exit() -> None:
    """Have what was seen last written down before this process ends, in which way it may."""
    import atexit

    if _Open.is_leaving:
        return
    _Open.is_leaving = True
    atexit.register(_core.profile_leave)
    end = os._exit

    # So end the children that `multiprocessing` forks.
    def _exit(status: int) -> NoReturn:
        _core.profile_leave()
        end(status)

    os._exit = _exit
