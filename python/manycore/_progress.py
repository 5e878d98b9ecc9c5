"""
A progress bar for runs that take more than a second.

Files, bytes, items a second and the time left, on the terminal's standard error; nothing where that
is no terminal, unless asked for.
"""

from __future__ import annotations

import os
import sys
import time

from manycore._sizes import format_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_PATIENCE = 1.0
_INTERVAL = 0.1
_WIDTH = 24


def _bar(share: float) -> str:
    filled = round(share * _WIDTH)
    return f"|{'#' * filled}{'-' * (_WIDTH - filled)}| {share:4.0%}"


def _left(share: float, seconds: float) -> str:
    return f" {_duration(seconds * (1 - share) / share)} left" if share > 0 else ""


def _is_terminal() -> bool:
    """Tell whether standard error is a terminal; it may be closed, missing or anything."""
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):
        return False


def _columns() -> int | None:
    """Count the characters that a line of the terminal takes without wrapping, if it tells."""
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except (AttributeError, OSError, ValueError):
        return None
    return columns - 1 if columns else None


def _duration(seconds: float) -> str:
    """Write a time as seconds, or as minutes and seconds."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def render(
    done: tuple[int, int, int], total: tuple[int, int] | None, seconds: float, noun: str
) -> str:
    """
    Draw the bar.

    Parameters
    ----------
    done : tuple of int
        Bytes, files and items so far.
    total : tuple of int or None
        Bytes and files in all, where they are known.
    seconds : float
        Since the start.
    noun : str
        What an item is called, in the plural.

    Examples
    --------
    >>> render((500, 1, 80), (1000, 2), 2.0, "words")
    '|############------------|  50% 1/2 files 500 B of 1 kB 40 words/s 2 s left'
    """
    read, files, items = done
    rate = items / seconds if seconds > 0 else 0.0
    pace = f"{rate / 1e6:.1f} M" if rate >= 1e6 else f"{rate:,.0f} "
    if not total or not total[0]:
        return f"{items:,} {noun} {pace}{noun}/s {_duration(seconds)}"
    size, count = total
    share = min(read / size, 1.0)
    return (
        f"{_bar(share)} {files:,}/{count:,} files {format_bytes(read)} of "
        f"{format_bytes(size)} {pace}{noun}/s{_left(share, seconds)}"
    )


class Progress:
    """
    The bar of one run, as a context manager; called with what is done.

    Parameters
    ----------
    total : tuple of int or None
        Bytes and files in all, where they are known.
    show : bool or None
        Whether to show it; None shows it after a second, and on a terminal only.
    noun : str
        What an item is called, in the plural.
    """

    def __init__(
        self, total: tuple[int, int] | None, show: bool | None = None, noun: str = "items"
    ) -> None:
        self.total = total
        self.noun = noun
        self.wanted = _is_terminal() if show is None else show and sys.stderr is not None
        self.start = time.monotonic()
        self.next = self.start + (0.0 if show else _PATIENCE)
        self.last: tuple[int, ...] = (0, 0, 0)
        self.drawn = 0

    def __call__(self, *done: int) -> None:
        """Draw what is done (bytes, files and items), if it is time to."""
        self.last = done
        now = time.monotonic()
        if self.wanted and now >= self.next:
            self.next = now + _INTERVAL
            self._draw(now - self.start)

    def _render(self, seconds: float) -> str:
        read, files, items = self.last[:3]
        return render((read, files, items), self.total, seconds, self.noun)

    def _draw(self, seconds: float) -> None:
        line = self._render(max(seconds, 1e-9))[: _columns()]
        print(f"\r{line:<{self.drawn}}", end="", file=sys.stderr, flush=True)
        self.drawn = len(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.drawn:
            print(f"\r{'':<{self.drawn}}\r", end="", file=sys.stderr, flush=True)


def render_count(done: int, failed: int, total: int, seconds: float, noun: str) -> str:
    """
    Draw the bar of what is counted.

    Examples
    --------
    >>> render_count(6, 1, 8, 3.0, "programs")
    '|##################------|  75% 6/8 programs, 1 failed 1 s left'
    """
    share = done / total
    failures = f", {failed:,} failed" if failed else ""
    return f"{_bar(share)} {done:,}/{total:,} {noun}{failures}{_left(share, seconds)}"


class Count(Progress):
    """
    The bar of a run whose parts are counted; called with how many are done, and failed.

    Parameters
    ----------
    total : int
        How many there are.
    show : bool or None
        Whether to show it; None shows it after a second, and on a terminal only.
    noun : str
        What they are called, in the plural.
    """

    def __init__(self, total: int, show: bool | None, noun: str) -> None:
        super().__init__(None, show, noun)
        self.last = (0, 0)
        self.count = total

    def _render(self, seconds: float) -> str:
        done, failed = self.last
        return render_count(done, failed, self.count, seconds, self.noun)


class Tasks(Progress):
    """
    The bar of a run of calls; called with what the engine counts, of which it shows the tasks.

    Parameters
    ----------
    show : bool or None
        Whether to show it; None shows it after a second, and on a terminal only.
    """

    def __init__(self, show: bool | None) -> None:
        super().__init__(None, show, "tasks")

    def _render(self, seconds: float) -> str:
        *_, done, total = self.last
        return render_count(done, 0, max(total, 1), seconds, self.noun)
