"""
Profiles: where the time of a program goes, by line, function and thread.

A thread of ours looks at all of Python's threads so many times a second, without the GIL and
without stopping them, and counts. What it sees tells Python's own work from compiled code's, from
waiting for the GIL and from waiting for anything else.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from manycore import _core, _sampling
from manycore._sizes import format_bytes
from manycore._table import html_columns, text_columns
from manycore._trace import _format_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import CodeType, TracebackType
    from typing import Any, ParamSpec, TypeVar

    from manycore._roofline import KernelCounts, Roofline
    from manycore._trace import OpTime

    P = ParamSpec("P")
    T = TypeVar("T")

# Rows that a table shows.
_SHOWN = 15
# Characters of a source line, and of a name, that a table shows.
_WIDTH = 50
# Samples that a share needs to be within three points at 95 %.
_ENOUGH = 1_070
# What the core calls the files of frames that are ours: compiled functions', the engine's tasks'.
_KERNELS, _TASKS = "<manycore>", "<manycore engine>"
# Seconds of children's processor time, and their share, that are worth a note.
_NOTABLE = 0.1
# Seconds that workers have for their last words.
_PATIENCE = 2.0


@dataclass(frozen=True)
class LineTime:
    """
    Time while a line was on the stack.

    Attributes
    ----------
    file, line, function : str, int, str
        Where it is.
    seconds : float
        While it was anywhere on a thread's stack: what it calls is in it.
    share : float
        Of the time of all threads, from 0 to 1; what was idle does not count.
    python, native, gil_wait, waiting : float
        What the seconds went to: Python's instructions, compiled code, waiting for the GIL, waiting
        for anything else while nobody worked.
    own_share : float
        The share while it was the innermost line of the user's: what it calls of libraries is
        in it.
    memory_bytes : int or None
        By how much the process grew while it was the innermost line of the user's; None if that
        was not asked for.
    samples : int
        How often it was seen.
    """

    file: str
    line: int
    function: str
    seconds: float
    share: float
    python: float
    native: float
    gil_wait: float
    waiting: float
    own_share: float
    memory_bytes: int | None
    samples: int


@dataclass(frozen=True)
class FunctionTime(LineTime):
    """Time while a function was on the stack: as for a line; `line` is the first that was seen."""


@dataclass(frozen=True)
class ThreadTime:
    """
    Time of a thread.

    Attributes
    ----------
    name : str
        Its name; behind the process's number, if it is a worker's or another child's.
    seconds : float
        All but what was idle.
    python, native, gil_wait, waiting, idle : float
        What it did. Waiting is idle while another thread works.
    processor : float
        Seconds of processor time.
    """

    name: str
    seconds: float
    python: float
    native: float
    gil_wait: float
    waiting: float
    idle: float
    processor: float


@dataclass(frozen=True)
class Allocation:
    """
    What Python allocated at a line and still held at the end, as `tracemalloc` counts it.

    Attributes
    ----------
    file, line : str, int
        Where.
    bytes, count : int
        How much, in how many pieces.
    """

    file: str
    line: int
    bytes: int
    count: int


class Profile:
    """
    A profile, as `profile` makes it.

    As a context manager it profiles the block; called with a function it profiles the call, and
    returns its result. It is asked afterwards.

    Attributes
    ----------
    hz : float
        Samples in a second.
    """

    def __init__(self, hz: float, memory: bool, tracemalloc: bool, roofline: bool = False) -> None:
        self.hz = hz
        self._memory = memory
        self._tracemalloc = tracemalloc
        self._is_counted = roofline
        self._kernels: tuple[KernelCounts, ...] = ()
        self._sampling: _sampling.Sampling | None = None
        self._core: _core.Profile | None = None
        self._tasks: list[OpTime] = []
        self._allocations: list[Allocation] = []

    def __enter__(self) -> Profile:
        if self._sampling is not None:
            raise RuntimeError("a profile is made once; make another one with mc.profile()")
        sampling = _sampling.Sampling(self.hz, self._memory)
        sampling.start()
        self._sampling = sampling
        if self._tracemalloc:
            import tracemalloc

            self._was_tracing = tracemalloc.is_tracing()
            if not self._was_tracing:
                tracemalloc.start()
            self._before = tracemalloc.take_snapshot()
        if self._is_counted:
            _core.kernel_counts()  # what another profile left
            _core.count_kernels(True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._sampling is None or self._sampling.process != os.getpid():
            return  # a fork that leaves its parent's block has nothing to report
        if self._is_counted:
            from manycore import _roofline

            _core.count_kernels(False)
            self._kernels = _roofline.counted()
        if self._tracemalloc:
            self._allocations = self._allocated()
        self._core, operations = self._sampling.stop(_PATIENCE)
        from manycore._trace import OpTime

        self._tasks = [OpTime(*operation) for operation in operations]

    def _allocated(self) -> list[Allocation]:
        import tracemalloc

        own = tracemalloc.Filter(False, _FILE), tracemalloc.Filter(False, tracemalloc.__file__)
        after = tracemalloc.take_snapshot().filter_traces(own)
        if not self._was_tracing:
            tracemalloc.stop()
        found = after.compare_to(self._before.filter_traces(own), "lineno")
        rows = [
            Allocation(
                each.traceback[0].filename,
                each.traceback[0].lineno,
                each.size_diff,
                each.count_diff,
            )
            for each in found
            if each.size_diff > 0
        ]
        return sorted(rows, key=lambda row: -row.bytes)

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """
        Profile a call.

        Returns
        -------
        object
            What the function returns.

        Examples
        --------
        >>> p = mc.profile()
        >>> p(sum, range(10))
        45
        """
        with self:
            return function(*args, **kwargs)

    @property
    def _seen(self) -> _core.Profile:
        if self._core is None:
            raise RuntimeError(
                "there is no profile yet; write `with mc.profile() as p:` around what is to be "
                "profiled, and ask behind it"
            )
        return self._core

    @property
    def seconds(self) -> float:
        """Seconds from the start to the end."""
        return self._seen.figures()[0][0]

    @property
    def busy_seconds(self) -> float:
        """
        Seconds of all threads, but what was idle: what shares are shares of.

        The engine's threads count while they are at a task, each for itself: a line that has two
        of them at work for a second has taken two.
        """
        return self._seen.figures()[0][1]

    @property
    def cpu_seconds(self) -> float:
        """Seconds of processor time of this process, its workers and other children in it."""
        return self._seen.figures()[0][2]

    @property
    def own_seconds(self) -> float:
        """Seconds of processor time that the profiler took."""
        return self._seen.figures()[0][3]

    @property
    def samples(self) -> int:
        """How often the threads were looked at."""
        return self._seen.figures()[1][0]

    @property
    def dropped(self) -> int:
        """Stacks that could not be read."""
        return self._seen.figures()[1][1]

    @property
    def workers(self) -> int:
        """Workers and other child processes whose profiles are in this one."""
        return self._seen.figures()[1][2]

    @property
    def method(self) -> str:
        """How it was made: ``"frames"``, or ``"current_frames"`` where these can't be read."""
        self._seen  # noqa: B018, raises
        assert self._sampling is not None
        return self._sampling.method

    @property
    def noise(self) -> str:
        """Whether its times are certain: ``"quiet"``, or ``"not certain: ..."`` and why."""
        self._seen  # noqa: B018, raises
        assert self._sampling is not None
        return self._sampling.noise

    @property
    def _absent(self) -> float:
        self._seen  # noqa: B018, raises
        assert self._sampling is not None
        return self._sampling.absent

    @property
    def warning(self) -> str | None:
        """What to bear in mind; None if there is nothing."""
        self._seen  # noqa: B018, raises
        assert self._sampling is not None
        return self._sampling.warning

    def lines(self, libraries: bool = False) -> list[LineTime]:
        """
        List lines, those with the most time of their own first.

        Parameters
        ----------
        libraries : bool, default False
            Whether to list those of libraries too: the standard one's, installed ones, manycore.

        Returns
        -------
        list of LineTime

        Examples
        --------
        >>> with mc.profile(hz=1000) as p:
        ...     total = sum(i * i for i in range(2_000_000))
        >>> p.lines()[0].share > 0.5
        True
        """
        return self._rows(LineTime, self._seen.lines(_libraries()), libraries)

    def functions(self, libraries: bool = False) -> list[FunctionTime]:
        """
        List functions likewise; `libraries` as for `lines`.

        Returns
        -------
        list of FunctionTime

        Examples
        --------
        >>> def work():
        ...     return sum(i * i for i in range(2_000_000))
        >>> with mc.profile(hz=1000) as p:
        ...     total = work()
        >>> "work" in [row.function for row in p.functions()]
        True
        """
        return self._rows(FunctionTime, self._seen.functions(_libraries()), libraries)

    def _rows(self, kind: type[Any], rows: Sequence[Any], libraries: bool) -> list[Any]:
        total = self.busy_seconds or 1.0
        found = []
        for (file, line, function, is_user), times, growth, samples in rows:
            python, native, gil, waiting, own = times
            seconds = python + native + gil + waiting
            if not (libraries or is_user):
                continue
            found.append(
                kind(
                    file=file,
                    line=line,
                    function=function,
                    seconds=seconds,
                    share=seconds / total,
                    python=python,
                    native=native,
                    gil_wait=gil,
                    waiting=waiting,
                    own_share=own / total,
                    memory_bytes=growth if self._memory else None,
                    samples=samples,
                )
            )
        return found

    def kernels(self) -> list[FunctionTime]:
        """
        List compiled functions of `mc.jit` that Python called, the most time first.

        Returns
        -------
        list of FunctionTime

        Examples
        --------
        >>> with mc.profile() as p:
        ...     total = sum(range(10))
        >>> p.kernels()
        []
        """
        return self._named(_KERNELS)

    def _named(self, file: str) -> list[FunctionTime]:
        """List what is ours and has no lines."""
        rows = [row for row in self.functions(libraries=True) if row.file == file]
        return sorted(rows, key=lambda row: -row.seconds)

    def threads(self) -> list[ThreadTime]:
        """
        List threads: Python's, then native ones, the engine's among them.

        Of a thread that nothing is known of but its processor time, that is what is native.

        Returns
        -------
        list of ThreadTime

        Examples
        --------
        >>> with mc.profile(hz=1000) as p:
        ...     total = sum(i * i for i in range(2_000_000))
        >>> p.threads()[0].name
        'MainThread'
        """
        found = []
        for process, name, is_python, times in self._seen.threads():
            python, native, gil, waiting, idle, processor = times
            if not (is_python or any(times[:-1])):
                native = processor
            if process != os.getpid():
                name = f"worker {process}: {name}"
            seconds = python + native + gil + waiting
            found.append(ThreadTime(name, seconds, python, native, gil, waiting, idle, processor))
        return found

    def tasks(self) -> list[OpTime]:
        """
        List what the engine ran, by operation and lane, as `mc.trace` does.

        Returns
        -------
        list of OpTime

        Examples
        --------
        >>> with mc.profile() as p:
        ...     mc.bag.range(10, npartitions=2).sum().compute()
        45
        >>> len(p.tasks()) > 0
        True
        """
        return list(self._tasks)

    def allocations(self) -> list[Allocation]:
        """
        List where memory came from that is still held: with ``mc.profile(tracemalloc=True)``.

        Returns
        -------
        list of Allocation
            The most bytes first.

        Examples
        --------
        >>> with mc.profile(tracemalloc=True) as p:
        ...     data = [str(i) for i in range(10_000)]
        >>> p.allocations()[0].bytes > 300_000
        True
        """
        if not self._tracemalloc:
            raise RuntimeError(
                "allocations were not recorded; ask for them: mc.profile(tracemalloc=True)"
            )
        self._seen  # noqa: B018, raises
        return list(self._allocations)

    def roofline(self) -> Roofline:
        """
        Put compiled functions under the machine's roofs: with ``mc.profile(roofline=True)``.

        The roofs are measured when they are first asked for, which takes some tenths of a second.

        Returns
        -------
        Roofline
            Has `kernels`, and a `chart`; ``print`` shows a table. Operations are those on
            floating-point numbers, bytes those that the loads and stores of array elements ask
            for, wherever they are.

        Raises
        ------
        RuntimeError
            If they were not counted, or the profile is not made yet.

        Examples
        --------
        >>> import numpy as np
        >>> @mc.jit
        ... def total(a):
        ...     result = 0.0
        ...     for x in a:
        ...         result += x * x
        ...     return result
        >>> with mc.profile(roofline=True) as p:
        ...     result = total(np.ones(100_000))
        >>> [kernel] = p.roofline().kernels
        >>> kernel.operations, kernel.bytes, kernel.intensity
        (200000, 800000, 0.25)
        """
        if not self._is_counted:
            raise RuntimeError(
                "operations were not counted; ask for them: mc.profile(roofline=True)"
            )
        self._seen  # noqa: B018, raises
        from manycore import _roofline

        return _roofline.roofline(self._kernels)

    def stacks(self) -> list[tuple[tuple[tuple[str, str, int], ...], float]]:
        """
        List stacks and their seconds.

        Returns
        -------
        list of tuple
            Of each stack its frames, the outermost first, as file, function and line; and seconds.

        Examples
        --------
        >>> with mc.profile(hz=1000) as p:
        ...     total = sum(i * i for i in range(2_000_000))
        >>> round(sum(seconds for _, seconds in p.stacks()) / p.busy_seconds, 3)
        1.0
        """
        return [(tuple(frames), seconds) for frames, seconds in self._seen.stacks()]

    def collapsed(self) -> str:
        """
        Write collapsed stacks: frames separated by semicolons, and microseconds.

        Returns
        -------
        str
            What flame graph programs read.

        Examples
        --------
        >>> with mc.profile(hz=1000) as p:
        ...     total = sum(i * i for i in range(2_000_000))
        >>> p.collapsed().splitlines()[0].split()[-1].isdigit()
        True
        """
        return self._seen.collapsed()

    def speedscope(self) -> str:
        """
        Write JSON that https://www.speedscope.app opens: each thread over time.

        Returns
        -------
        str

        Examples
        --------
        >>> import json
        >>> with mc.profile() as p:
        ...     total = sum(range(10))
        >>> json.loads(p.speedscope())["exporter"]
        'manycore'
        """
        return self._seen.speedscope(os.path.basename(sys.argv[0]) or "manycore")  # noqa: PTH119

    def chrome(self) -> str:
        """
        Write JSON in Chrome's Trace Event Format, which Perfetto opens: each thread over time.

        Returns
        -------
        str

        Examples
        --------
        >>> import json
        >>> with mc.profile() as p:
        ...     total = sum(range(10))
        >>> sorted(json.loads(p.chrome()))
        ['displayTimeUnit', 'traceEvents']
        """
        return self._seen.chrome()

    def flame(self) -> str:
        """
        Draw a flame graph.

        Returns
        -------
        str
            SVG that needs nothing else.

        Examples
        --------
        >>> with mc.profile(hz=1000) as p:
        ...     total = sum(i * i for i in range(2_000_000))
        >>> "<svg" in p.flame()
        True
        """
        from manycore import _report

        return _report.flame(self.stacks())

    def html(self, path: str | os.PathLike[str]) -> None:
        """
        Save a page of its own that needs no network: flame graph, lines, functions, threads.

        Parameters
        ----------
        path : path
            A file; one that is there is replaced.

        Examples
        --------
        >>> with mc.profile(hz=1000) as p:
        ...     total = sum(i * i for i in range(2_000_000))
        >>> p.html(getfixture("tmp_path") / "profile.html")
        """
        from pathlib import Path

        from manycore import _report

        roofline = self.roofline() if self._is_counted else None
        page = _report.profile_page(self, roofline=roofline)
        Path(path).write_text(page, encoding="utf-8")

    def _title(self) -> str:
        workers = f", {self.workers} workers" if self.workers else ""
        return (
            f"{_format_seconds(self.seconds)}, {_format_seconds(self.cpu_seconds)} of processor "
            f"time{workers}; {self.samples:,} samples at {self.hz:g} Hz"
        )

    def _notes(self) -> Iterator[str]:
        if self.warning:
            yield self.warning
        yield f"noise: {self.noise}"
        if self.dropped:
            yield f"{self.dropped:,} stacks could not be read"
        if self._absent > max(_NOTABLE, _NOTABLE * self.cpu_seconds):
            yield (
                f"child processes took {_format_seconds(self._absent)} of processor time that is "
                "not in this profile: they were killed or are other programs"
            )
        if 0 < self.samples < _ENOUGH:
            points = 98 / self.samples**0.5
            yield f"{self.samples:,} samples: a share may be off by {points:.0f} points"

    def _line_heads(self) -> tuple[str, ...]:
        heads = ("line", "own %", "all %", "python", "native", "gil", "waiting")
        return (*heads, "memory", "source") if self._memory else (*heads, "source")

    def _line_rows(self) -> Iterator[tuple[str, ...]]:
        for row in self.lines()[:_SHOWN]:
            memory = (_signed(row.memory_bytes),) if row.memory_bytes is not None else ()
            yield (*_cells(f"{_short(row.file)}:{row.line}", row), *memory, source(row))

    def _function_rows(self) -> Iterator[tuple[str, ...]]:
        for row in self.functions()[:_SHOWN]:
            yield _cells(f"{row.function} ({_short(row.file)}:{row.line})", row)
        for row in self._named(_KERNELS) + self._named(_TASKS):
            yield _cells(row.function, row)

    def _thread_rows(self) -> Iterator[tuple[str, ...]]:
        for row in self.threads()[:_SHOWN]:
            times = (row.seconds, row.python, row.native, row.gil_wait, row.waiting, row.idle)
            yield (_cut(row.name), *map(_seconds, times))

    def _allocation_rows(self) -> Iterator[tuple[str, ...]]:
        for row in self._allocations[:_SHOWN]:
            place = f"{_short(row.file)}:{row.line}"
            yield place, format_bytes(row.bytes), f"{row.count:,}"

    def _tables(self) -> Iterator[tuple[str, Sequence[str], list[tuple[str, ...]]]]:
        yield "lines", self._line_heads(), list(self._line_rows())
        yield "functions", _FUNCTION_HEADS, list(self._function_rows())
        yield "threads", _THREAD_HEADS, list(self._thread_rows())
        if self._tracemalloc:
            yield "allocations", _ALLOCATION_HEADS, list(self._allocation_rows())

    def __str__(self) -> str:
        parts = [f"manycore profile: {self._title()}"]
        for _, heads, rows in self._tables():
            if rows:
                parts.append(_text(heads, rows))
        if self._is_counted:
            parts.append(str(self.roofline()))
        if notes := "\n".join(self._notes()):
            parts.append(notes)
        return "\n\n".join(parts)

    def __repr__(self) -> str:
        if self._core is None:
            return "<manycore profile: not made yet>"
        return f"<manycore profile: {self._title()}>"

    def _repr_html_(self) -> str:
        import html

        if self._core is None:
            return f"<div>{html.escape(repr(self))}</div>"
        title = f"<div><b>manycore profile</b>: {html.escape(self._title())}</div>"
        notes = "".join(f"<div>{html.escape(note)}</div>" for note in self._notes())
        tables = "".join(html_columns(name, heads, rows) for name, heads, rows in self._tables())
        flame = self.flame() if self.stacks() else ""
        roofs = self.roofline()._repr_html_() if self._is_counted else ""
        return f"<div>{title}{flame}{tables}{roofs}{notes}</div>"


_FUNCTION_HEADS = ("function", "own %", "all %", "python", "native", "gil", "waiting")
_THREAD_HEADS = ("thread", "busy", "python", "native", "gil", "waiting", "idle")
_ALLOCATION_HEADS = ("line", "held", "pieces")


def _text(heads: Sequence[str], rows: list[tuple[str, ...]]) -> str:
    """Write a table; source code stands on the left, behind the numbers."""
    if heads[-1] != "source":
        return text_columns(heads, rows)
    table = text_columns(heads[:-1], [row[:-1] for row in rows]).split("\n")
    codes = [heads[-1], *(row[-1] for row in rows)]
    return "\n".join(f"{line}  {code}".rstrip() for line, code in zip(table, codes, strict=True))


def _cells(place: str, row: LineTime) -> tuple[str, ...]:
    times = (row.python, row.native, row.gil_wait, row.waiting)
    return _cut(place), f"{row.own_share:.1%}", f"{row.share:.1%}", *map(_seconds, times)


def _seconds(seconds: float) -> str:
    return _format_seconds(seconds) if seconds else ""


def _signed(size: int) -> str:
    return f"{'-' if size < 0 else '+'}{format_bytes(abs(size))}" if size else ""


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"…{text[1 - _WIDTH :]}"


def _short(file: str) -> str:
    """Write a path as seen from this folder, if it is in it."""
    folder = os.getcwd() + os.sep  # noqa: PTH109
    return file.removeprefix(folder)


def source(row: LineTime) -> str:
    """Return a line's text, without what it is indented by."""
    import linecache

    text = linecache.getline(row.file, row.line).strip()
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _libraries() -> list[str]:
    """List beginnings of paths that are not the user's."""
    import sysconfig

    paths = sysconfig.get_paths()
    folders = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    folders |= {os.path.dirname(os.__file__), os.path.dirname(__file__)}  # noqa: PTH120
    folders |= {path for path in sys.path if path.endswith(("site-packages", "dist-packages"))}
    return [folder + os.sep for folder in sorted(folders)]


def profile(
    hz: float = 100.0, memory: bool = False, tracemalloc: bool = False, roofline: bool = False
) -> Profile:
    """
    Profile a ``with`` block: find out where its time goes.

    Parameters
    ----------
    hz : float, default 100
        Samples in a second.
    memory : bool, default False
        Whether to note at which lines the process grows.
    tracemalloc : bool, default False
        Whether to have Python record its allocations too, which makes it several times slower.
    roofline : bool, default False
        Whether compiled functions of `jit` are to count their operations and bytes, where Python
        calls them in this process. They are compiled again for it; loops with conditions in them
        are slower then, mostly by less than a tenth. Where llvmlite is missing they are
        interpreted, and it is the interpreter's speed that is shown.

    Returns
    -------
    Profile
        Has `lines`, `functions`, `threads`, `stacks`, `flame`, `html`, exports; ``print`` shows
        tables.

    Raises
    ------
    RuntimeError
        On entering, if a profile of this process is being made already.
    ValueError
        On entering, if `hz` is not between 0.1 and 10,000.

    Notes
    -----
    All of Python's threads are profiled, the engine's while they are at a task, worker processes
    from their next task on, and children that start within the block: forked ones, and those that
    import manycore. A task is a frame, ``manycore: sum``, below the line that
    waits for it. Shares are of the time of all threads; a thread that waits counts only while
    nobody works. The program is not stopped: a thread of ours copies its stacks, which takes some
    0.5 % of another core.

    Examples
    --------
    >>> with mc.profile(hz=1000) as p:
    ...     total = sum(i * i for i in range(2_000_000))
    >>> print(p)
    manycore profile: ...
    """
    return Profile(hz, memory, tracemalloc, roofline)


_FILE: str = profile.__code__.co_filename


def run_script(
    path: str | os.PathLike[str],
    argv: Sequence[str] = (),
    hz: float = 100.0,
    memory: bool = False,
    tracemalloc: bool = False,
    roofline: bool = False,
) -> tuple[Profile, int]:
    """
    Run a script as ``python script.py`` does, and profile it up to its end or its failure.

    Parameters
    ----------
    path : path
        The script.
    argv : sequence of str
        Its arguments.
    hz, memory, tracemalloc, roofline
        As for `profile`.

    Returns
    -------
    tuple
        The profile and the exit status that Python would have ended with; a traceback has been
        shown as Python shows it.
    """
    import io
    import types

    path = os.fspath(path)
    with io.open_code(path) as file:
        text = file.read()
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=path, __cached__=None, __builtins__=__builtins__)
    folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120
    before = sys.argv[:], sys.path[:], sys.modules["__main__"]
    sys.argv[:] = [path, *argv]
    sys.path[:1] = [folder]
    sys.modules["__main__"] = module
    result = Profile(hz, memory, tracemalloc, roofline)
    try:
        with result:
            status = _run(path, text, module.__dict__)
    finally:
        sys.argv[:], sys.path[:], sys.modules["__main__"] = before
    return result, status


def _run(path: str, text: bytes, names: dict[str, Any]) -> int:
    """Run a script and wait for its threads; return its exit status."""
    import threading

    status = 0
    try:
        code = compile(text, path, "exec", dont_inherit=True)
        _execute(code, names)
    except SystemExit as leaving:
        status = _exit_status(leaving.code)
    except BaseException as error:
        traceback = error.__traceback__
        # What Python shows begins with the script.
        while traceback is not None and traceback.tb_frame.f_code.co_filename == _FILE:
            traceback = traceback.tb_next
        error.__traceback__ = traceback
        sys.excepthook(type(error), error, traceback)
        status = 130 if isinstance(error, KeyboardInterrupt) else 1
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.current_thread():
            thread.join()
    return status


def _execute(code: CodeType, names: dict[str, Any]) -> None:
    exec(code, names)


def _exit_status(code: object) -> int:
    """Return the status of ``sys.exit(code)``."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def add_magic(ipython: Any) -> None:
    """Give IPython the cell magic ``%%mc_profile [hz]``."""

    def mc_profile(line: str, cell: str) -> Profile:
        """Profile a cell: ``%%mc_profile [samples in a second]``."""
        try:
            hz = float(line) if line.strip() else 100.0
        except ValueError:
            raise ValueError(
                f"%%mc_profile takes samples in a second, such as %%mc_profile 500, not {line!r}"
            ) from None
        result = Profile(hz, False, False)
        with result:
            ipython.run_cell(cell)
        # What IPython does to run a cell is not the cell's.
        result._core = result._seen.without(ipython.run_code.__code__.co_filename)
        return result

    ipython.register_magic_function(mc_profile, "cell")
