"""
Traces: what ran where and when, for how long, and why.

A trace is recorded while a ``with`` block runs, of every run in the process. What it holds is asked
for afterwards: a summary, the critical path, a timeline for Perfetto.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from manycore import _core
from manycore._sizes import format_bytes
from manycore._table import html_columns, text_columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

# Rows that a table shows before it says how many more there are.
_SHOWN = 20
# Characters of an op's name that a table shows.
_WIDTH = 48


def _format_seconds(seconds: float) -> str:
    """
    Write a time with a unit.

    Examples
    --------
    >>> [_format_seconds(seconds) for seconds in (12.345, 0.012345, 0.0000123, 0)]
    ['12.3 s', '12.3 ms', '12.3 µs', '0 s']
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size or unit == "µs":
            break
    return f"{seconds / size:.3g} {unit}" if seconds else "0 s"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _short(name: str) -> str:
    return name if len(name) <= _WIDTH else f"{name[: _WIDTH - 1]}…"


def _title(runs: int, tasks: int, seconds: float) -> str:
    return f"{_format_seconds(seconds)}, {_count(runs, 'run')}, {_count(tasks, 'task')}"


@dataclass(frozen=True)
class LaneTime:
    """
    What the workers of one lane did.

    Attributes
    ----------
    lane : str
        ``"inline"``, ``"threads"`` or ``"processes"``.
    workers : int
        How many they were.
    tasks : int
        Tasks that they ran.
    busy, idle : float
        Seconds in tasks, and without one while a run went on that they could have worked for;
        summed over the workers.
    """

    lane: str
    workers: int
    tasks: int
    busy: float
    idle: float


@dataclass(frozen=True)
class OpTime:
    """
    What one operation took on one lane.

    Attributes
    ----------
    op : str
        Its name.
    lane : str
        Where its tasks ran.
    tasks : int
        How many they are.
    seconds : float
        Their time, summed; what runs within a task counts for itself.
    longest : float
        Seconds of the longest task.
    bytes : int
        Size of their results.
    """

    op: str
    lane: str
    tasks: int
    seconds: float
    longest: float
    bytes: int


@dataclass(frozen=True)
class NoteTime:
    """
    All that happened of one kind that is no task.

    Attributes
    ----------
    kind : str
        ``"spill"`` and ``"load"`` (values to disk and back), ``"copy"`` (to and from worker
        processes), ``"start"`` and ``"death"`` (of worker processes), ``"decision"``.
    count : int
        How often.
    seconds : float
        What it took.
    bytes : int
        What it moved.
    """

    kind: str
    count: int
    seconds: float
    bytes: int


@dataclass(frozen=True)
class Summary:
    """
    A trace in figures; its repr is a table.

    Attributes
    ----------
    seconds : float
        From the trace's start to its end.
    runs, tasks : int
        What ran.
    lanes : tuple of LaneTime
        By lane.
    ops : tuple of OpTime
        By operation and lane, the most time first. Their seconds add up to the lanes' busy ones.
    notes : tuple of NoteTime
        Whatever else happened, by kind.
    decisions : tuple of str
        What the engine chose, and why.
    """

    seconds: float
    runs: int
    tasks: int
    lanes: tuple[LaneTime, ...]
    ops: tuple[OpTime, ...]
    notes: tuple[NoteTime, ...]
    decisions: tuple[str, ...]

    def _note(self, kind: str) -> NoteTime:
        found = (note for note in self.notes if note.kind == kind)
        return next(found, NoteTime(kind, 0, 0.0, 0))

    @property
    def spilled(self) -> int:
        """Bytes that went to disk."""
        return self._note("spill").bytes

    @property
    def copied(self) -> int:
        """Bytes that went to worker processes and came from them."""
        return self._note("copy").bytes

    def _title(self) -> str:
        return _title(self.runs, self.tasks, self.seconds)

    def _lane_rows(self) -> Iterator[tuple[str, ...]]:
        for lane in self.lanes:
            total = lane.busy + lane.idle
            share = f"{lane.idle / total:.0%}" if total else ""
            busy, idle = _format_seconds(lane.busy), _format_seconds(lane.idle)
            yield lane.lane, f"{lane.workers:,}", f"{lane.tasks:,}", busy, idle, share

    def _op_rows(self) -> Iterator[tuple[str, ...]]:
        total = sum(op.seconds for op in self.ops)
        for op in self.ops[:_SHOWN]:
            yield (
                _short(op.op),
                op.lane,
                f"{op.tasks:,}",
                _format_seconds(op.seconds),
                f"{op.seconds / total:.0%}" if total else "",
                _format_seconds(op.longest),
                format_bytes(op.bytes),
            )

    def _rest(self) -> Iterator[str]:
        if (more := len(self.ops) - _SHOWN) > 0:
            yield f"and {_count(more, 'more operation')}"
        for note in self.notes:
            moved = f", {format_bytes(note.bytes)}" if note.bytes else ""
            took = f", {_format_seconds(note.seconds)}" if note.seconds else ""
            yield f"{note.kind}: {note.count:,}{moved}{took}"
        yield from self.decisions[:_SHOWN]
        if (more := len(self.decisions) - _SHOWN) > 0:
            yield f"and {_count(more, 'more decision')}"

    def __repr__(self) -> str:
        tables = [f"manycore trace: {self._title()}"]
        if self.lanes:
            tables.append(text_columns(_LANE_HEADS, self._lane_rows()))
        if self.ops:
            tables.append(text_columns(_OP_HEADS, self._op_rows()))
        if rest := "\n".join(self._rest()):
            tables.append(rest)
        return "\n\n".join(tables)

    def _repr_html_(self) -> str:
        import html

        lanes = html_columns(f"manycore trace: {self._title()}", _LANE_HEADS, self._lane_rows())
        ops = html_columns("operations", _OP_HEADS, self._op_rows())
        rest = "".join(f"<div>{html.escape(line)}</div>" for line in self._rest())
        return f"<div>{lanes}{ops}{rest}</div>"


_LANE_HEADS = ("lane", "workers", "tasks", "busy", "idle", "idle %")
_OP_HEADS = ("operation", "lane", "tasks", "time", "time %", "longest", "results")


@dataclass(frozen=True)
class Step:
    """
    A task on the critical path.

    Attributes
    ----------
    op : str
        Its operation.
    partition : int
        Which partition it computed.
    seconds : float
        What it took.
    """

    op: str
    partition: int
    seconds: float


@dataclass(frozen=True)
class CriticalPath:
    """
    The longest chain of tasks that had to wait for each other; its repr is a table.

    More workers don't make it shorter.

    Attributes
    ----------
    rows : tuple of Step
        First task first.
    seconds : float
        Of all its tasks.
    trace_seconds : float
        Of the whole trace, to compare with.
    """

    rows: tuple[Step, ...]
    seconds: float
    trace_seconds: float

    def _title(self) -> str:
        took, whole = _format_seconds(self.seconds), _format_seconds(self.trace_seconds)
        return f"critical path: {_count(len(self.rows), 'task')}, {took} of the trace's {whole}"

    def _table(self) -> Iterator[tuple[str, ...]]:
        def row(step: Step) -> tuple[str, ...]:
            share = f"{step.seconds / self.seconds:.0%}" if self.seconds else ""
            return _short(step.op), f"{step.partition}", _format_seconds(step.seconds), share

        if len(self.rows) <= _SHOWN:
            yield from map(row, self.rows)
            return
        half = _SHOWN // 2
        yield from map(row, self.rows[:half])
        between = self.rows[half:-half]
        seconds = sum(step.seconds for step in between)
        yield (
            f"… {len(between):,} more",
            "",
            _format_seconds(seconds),
            f"{seconds / self.seconds:.0%}",
        )
        yield from map(row, self.rows[-half:])

    def __repr__(self) -> str:
        table = f"\n\n{text_columns(_STEP_HEADS, self._table())}" if self.rows else ""
        return f"{self._title()}{table}"

    def _repr_html_(self) -> str:
        return html_columns(self._title(), _STEP_HEADS, self._table())


_STEP_HEADS = ("operation", "partition", "time", "time %")


class Trace:
    """
    A record of what ran, as `trace` makes it.

    As a context manager it records the block's runs. It can be asked while it does, and after.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._path = None if path is None else os.fspath(path)
        self._open: _core.Trace | None = None
        self._process = 0

    def __enter__(self) -> Trace:
        if self._open is not None:
            raise RuntimeError("a trace is recorded once; make another one with mc.trace()")
        if self._path is not None:
            _check_path(self._path)
        self._process = os.getpid()
        self._open = _core.Trace()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process != os.getpid():
            return  # a fork that leaves its parent's block has nothing to record or to save
        self._recorded.stop()
        if self._path is None:
            return
        try:
            self.save(self._path)
        except OSError as failed:
            if error is None:
                raise
            error.add_note(f"and the trace could not be saved: {failed}")

    @property
    def _recorded(self) -> _core.Trace:
        if self._open is None:
            raise RuntimeError("nothing is recorded yet; write `with mc.trace() as t:` around it")
        return self._open

    def summary(self) -> Summary:
        """
        Add up where the time went.

        Returns
        -------
        Summary
            Time by lane and by operation, idle time, bytes spilled and copied, decisions.

        Examples
        --------
        >>> with mc.trace() as t:
        ...     mc.bag.from_sequence(["to be", "or not"]).str.split().flatten().count().compute()
        4
        >>> summary = t.summary()
        >>> summary.runs, sum(lane.tasks for lane in summary.lanes) == summary.tasks
        (1, True)
        """
        runs, tasks, seconds = self._recorded.size()
        lanes, ops, notes, decisions = self._recorded.summary()
        return Summary(
            seconds,
            runs,
            tasks,
            tuple(LaneTime(*lane) for lane in lanes),
            tuple(OpTime(*op) for op in ops),
            tuple(NoteTime(*note) for note in notes),
            tuple(decisions),
        )

    def critical_path(self) -> CriticalPath:
        """
        Find the longest chain of tasks that had to wait for each other.

        A task waits for those whose results it reads; the tasks of a run wait for the runs that
        the same thread saw end before it. What runs within a task is part of it.

        Returns
        -------
        CriticalPath
            Its `rows` are the tasks, its `seconds` what the trace could not have been shorter than.

        Examples
        --------
        >>> with mc.trace() as t:
        ...     mc.bag.range(10, npartitions=2).sum().compute()
        45
        >>> t.critical_path().rows[-1].op
        'sum-finish'
        """
        rows = tuple(Step(*row) for row in self._recorded.critical_path())
        _, _, seconds = self._recorded.size()
        return CriticalPath(rows, sum(row.seconds for row in rows), seconds)

    def chrome(self) -> str:
        """
        Write the trace as JSON in Chrome's Trace Event Format, which Perfetto opens.

        Returns
        -------
        str
            A row for each worker, an event for each task, and the runs.

        Examples
        --------
        >>> import json
        >>> with mc.trace() as t:
        ...     mc.bag.from_sequence("ab").count().compute()
        2
        >>> sorted(json.loads(t.chrome()))
        ['displayTimeUnit', 'traceEvents']
        """
        return self._recorded.chrome()

    def save(self, path: str | os.PathLike[str]) -> None:
        """
        Save what `chrome` writes: the whole file, or, if that fails, none.

        Parameters
        ----------
        path : path
            A file; one that is there is replaced.

        Raises
        ------
        OSError
            If the file can't be written.

        Examples
        --------
        >>> path = getfixture("tmp_path") / "run.json"
        >>> with mc.trace() as t:
        ...     mc.bag.from_sequence("ab").count().compute()
        2
        >>> t.save(path)
        >>> path.read_text() == t.chrome()
        True
        """
        self._recorded.save(path)

    def __repr__(self) -> str:
        if self._open is None:
            return "<manycore trace: not started>"
        runs, tasks, seconds = self._open.size()
        return f"<manycore trace: {_title(runs, tasks, seconds)}>"


def _check_path(path: str) -> None:
    """Raise what saving would raise, before there is anything to lose."""
    import errno

    folder = os.path.dirname(path) or os.curdir  # noqa: PTH120
    if os.path.isdir(path):  # noqa: PTH112
        number, name = errno.EISDIR, path
    elif not os.path.isdir(folder):  # noqa: PTH112
        number, name = errno.ENOENT, folder
    elif not os.access(folder, os.W_OK):
        number, name = errno.EACCES, folder
    else:
        return
    raise OSError(number, os.strerror(number), name)


def trace(path: str | os.PathLike[str] | None = None) -> Trace:
    """
    Record what runs in a ``with`` block, in any of the process's threads.

    Parameters
    ----------
    path : path, optional
        Where the block's end saves the trace, also if it ends with an exception: JSON in Chrome's
        Trace Event Format, which Perfetto opens.

    Returns
    -------
    Trace
        Has `summary`, `critical_path`, `chrome` and `save`.

    Raises
    ------
    OSError
        On entering, if `path` can't be written: FileNotFoundError, IsADirectoryError,
        PermissionError.

    Notes
    -----
    Every run that starts in the block belongs to it, with the tasks that have ended by the block's
    end; traces may overlap and stand within each other. What runs inside a worker process's task is
    that task's. A task costs some 0.1 µs more while a trace is open, and nothing otherwise.

    Examples
    --------
    >>> with mc.trace() as t:
    ...     mc.bag.from_sequence(["to be", "or not"]).str.split().flatten().count().compute()
    4
    >>> t.summary()
    manycore trace: ... 1 run, ... tasks
    ...
    """
    return Trace(path)
