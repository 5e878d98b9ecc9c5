"""
Times contenders against each other, and says on which machine.

Rounds are interleaved (A B C, A B C, ...): a machine that slows down slows everybody, and a ratio
of two medians of the same run survives it. CPU time is taken of the process and of everything it
started, living or gone, because a peer with a pool does its work elsewhere.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def available_cores() -> int:
    """Count the cores that this process may run on."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine() -> dict[str, Any]:
    """
    Describe the machine a result was measured on.

    Returns
    -------
    dict
        Processor model, cores, memory in bytes, kernel, Python version.
    """
    return {
        "model": _processor_model(),
        "cores": available_cores(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _processor_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())


def own_cpu() -> float:
    """
    Give the CPU time of this process and of its children that have ended.

    Returns
    -------
    float
        User and system time, in seconds.
    """
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def living_cpu() -> float:
    """
    Give the CPU time of the processes below this one, such as a pool's workers.

    ``getrusage`` knows a child only once it was waited for, so their clocks are read (Linux).

    Returns
    -------
    float
        User and system time, in seconds.
    """
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The second field, the name, may hold anything; the parent is the second after it.
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    seconds = 0.0
    waiting = children.get(os.getpid(), [])
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, [])
        # What clock_getcpuclockid(3) returns on Linux: MAKE_PROCESS_CPUCLOCK(process, SCHED).
        with contextlib.suppress(OSError):
            seconds += time.clock_gettime((~process << 3) | 2)
    return seconds


@dataclass(frozen=True)
class Contender:
    """
    One way to get an answer.

    Attributes
    ----------
    name : str
        Names the row.
    call : callable
        What is timed.
    answer : callable
        Makes the call's result comparable; not timed.
    wall, cpu : callable, optional
        Read a time from the result, where it is known better than from outside.
    """

    name: str
    call: Callable[[], Any]
    answer: Callable[[Any], Any] = lambda result: result
    wall: Callable[[Any], float] | None = None
    cpu: Callable[[Any], float] | None = None


@dataclass
class Row:
    """
    What one contender took.

    Attributes
    ----------
    name : str
        The contender's.
    wall, cpu : list of float
        Seconds, one entry per round.
    answer : object
        The contender's, the same in all rounds.
    """

    name: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    answer: Any = None

    def summary(self) -> dict[str, Any]:
        """Give rounds, answer, and median, least and most of both times, in seconds."""
        return {
            "rounds": len(self.wall),
            "wall": spread(self.wall),
            "cpu": spread(self.cpu),
            "answer": self.answer,
        }


def spread(values: Sequence[float]) -> dict[str, float]:
    """
    Summarise repeated measurements.

    Parameters
    ----------
    values : sequence of float
        At least one.

    Returns
    -------
    dict
        ``median``, ``min`` and ``max``.

    Examples
    --------
    >>> spread([3.0, 1.0, 2.0])
    {'median': 2.0, 'min': 1.0, 'max': 3.0}
    """
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def interleave(contenders: Sequence[Contender], rounds: int, *, quiet: bool = False) -> list[Row]:
    """
    Run all contenders in turn, round after round.

    Parameters
    ----------
    contenders : sequence of Contender
        In the order to run.
    rounds : int
        How often.
    quiet : bool
        Don't print each time as it is taken.

    Returns
    -------
    list of Row
        One per contender, in the same order.

    Raises
    ------
    ValueError
        If a contender's answer differs between rounds.
    """
    rows = [Row(contender.name) for contender in contenders]
    for number in range(rounds):
        for contender, row in zip(contenders, rows, strict=True):
            # The living are read first and last, because looking for them costs milliseconds.
            living, own, wall = living_cpu(), own_cpu(), time.perf_counter()
            result = contender.call()
            elapsed, used = time.perf_counter() - wall, own_cpu() - own
            used += living_cpu() - living
            row.wall.append(contender.wall(result) if contender.wall else elapsed)
            row.cpu.append(contender.cpu(result) if contender.cpu else used)
            answer = contender.answer(result)
            if number and answer != row.answer:
                raise ValueError(f"{row.name} answered {row.answer!r}, then {answer!r}")
            row.answer = answer
            if not quiet:
                print(
                    f"  round {number + 1}/{rounds}  {row.name}: {row.wall[-1]:.3f} s", flush=True
                )
    return rows


def ratios(row: Row, base: Row) -> dict[str, Any]:
    """
    Say how many times longer ``row`` took than ``base``.

    Parameters
    ----------
    row, base : Row
        Of the same interleaved run.

    Returns
    -------
    dict
        For ``wall`` and ``cpu``: the ratio ``of_medians``, and the spread of the ratios
        ``by_round``.
    """

    def compare(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, Any]:
        rounds = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        medians = statistics.median(ours) / statistics.median(theirs)
        return {"of_medians": medians, "by_round": spread(rounds)}

    return {"wall": compare(row.wall, base.wall), "cpu": compare(row.cpu, base.cpu)}


def report(title: str, rows: Sequence[Row], base: Row) -> dict[str, Any]:
    """
    Print a comparison and give what to store of it.

    Parameters
    ----------
    title : str
        Printed above.
    rows : sequence of Row
        Of one interleaved run.
    base : Row
        The row that the others are divided by.

    Returns
    -------
    dict
        Summaries and ratios, by the rows' names.
    """
    document = {row.name: {**row.summary(), "ratio_to_base": ratios(row, base)} for row in rows}
    lines = []
    for name, entry in document.items():
        wall, cpu, ratio = entry["wall"], entry["cpu"], entry["ratio_to_base"]
        rounds = ratio["wall"]["by_round"]
        lines.append(
            (
                name,
                entry["rounds"],
                f"{wall['median']:.3f} ({wall['min']:.3f} to {wall['max']:.3f})",
                f"{cpu['median']:.3f}",
                f"{ratio['wall']['of_medians']:.2f} ({rounds['min']:.2f} to {rounds['max']:.2f})",
                f"{ratio['cpu']['of_medians']:.2f}",
            )
        )
    print(f"\n{title}")
    print(f"ratios to: {base.name}")
    heads = ("", "rounds", "wall, s (min to max)", "CPU, s", "wall ratio (by round)", "CPU ratio")
    print(table(heads, lines))
    return {"base": base.name, "rows": document}


def table(heads: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """
    Lay out text in columns.

    Parameters
    ----------
    heads : sequence of str
        Names of the columns.
    lines : iterable of sequences
        Cells; the first column is flushed left, the others right.

    Returns
    -------
    str
        Without a newline at the end.
    """
    cells = [[str(cell) for cell in line] for line in (heads, *lines)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )


def store(path: Path, document: dict[str, Any], date: str | None = None) -> None:
    """
    Write a result with the machine and the date.

    Parameters
    ----------
    path : Path
        A JSON file; its folder is made.
    document : dict
        The result.
    date : str, optional
        Today's by default.
    """
    head = {"date": date or datetime.date.today().isoformat(), "machine": machine()}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**head, **document}, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"\nstored in {path}")
