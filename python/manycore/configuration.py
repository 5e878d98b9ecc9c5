"""The process's settings: where tasks run, on how many cores, in how much memory."""

from __future__ import annotations

import sys
from functools import cache

from manycore import _core
from manycore._sizes import format_bytes, parse_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path
    from types import TracebackType
    from typing import Literal


class Configuration:
    """
    The settings after a call of `config`; as a context manager, it takes them back at its end.

    Attributes
    ----------
    lane : str
        ``"mixed"``, ``"threads"``, ``"processes"`` or ``"inline"``.
    workers : int
        Tasks that run at one time in threads, and as many in worker processes.
    retries : int
        How often a task that failed is tried again.
    memory : int or None
        Bytes that results may hold; None where the machine doesn't tell how much it has.
    spill : pathlib.Path
        Where results go that the memory has no room for.
    """

    def __init__(self, before: tuple[str, int | None, int | None, int, Path | None]) -> None:
        self._before = before
        now, self.workers, self.memory, self.spill = _core.configuration()
        self.lane, self.retries = now[0], now[3]

    def __enter__(self) -> Configuration:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _core.configure(*self._before)

    def __repr__(self) -> str:
        memory = "unknown" if self.memory is None else format_bytes(self.memory)
        return f"<manycore: lane {self.lane!r}, {self.workers} workers, memory {memory}>"


def config(
    *,
    lane: Literal["mixed", "threads", "processes", "inline"] | None = None,
    workers: int | None = None,
    memory: int | str | None = None,
    retries: int | None = None,
    spill: str | PathLike[str] | None = None,
) -> Configuration:
    """
    Change the process's settings, for good or for a ``with`` block.

    Parameters
    ----------
    lane : {"mixed", "threads", "processes", "inline"}, optional
        Where tasks run. ``"mixed"`` (the default): native tasks in threads on every core, Python
        functions in worker processes, or in place once they are measured to be short; in threads
        too where the interpreter has no lock (PEP 703).
        ``"threads"`` and ``"processes"``: all of them there, as far as they can be. ``"inline"``:
        one after the other in the calling thread, always in the same order, so that ``pdb`` works.
    workers : int, optional
        Tasks that run at one time; as many as there are usable cores by default.
    memory : int or str, optional
        Bytes that results may hold, such as ``"4GB"``; by default 80 % of what the machine or the
        cgroup has.
    retries : int, optional
        How often a task that raised, or whose worker process died, is tried again; 0 by default.
    spill : path, optional
        A folder for results that the memory has no room for; by default one for temporary files.
        The files have no names, and are gone with this process whatever becomes of it.

    Returns
    -------
    Configuration
        The settings as they are now. What isn't given stays as it was.

    Raises
    ------
    ValueError
        If the lane isn't one, workers or memory is less than 1, retries is negative, or the
        spill folder isn't there.

    Examples
    --------
    >>> with mc.config(lane="inline"):
    ...     mc.bag.from_sequence(["b", "a"]).min().compute()
    'a'
    """
    before, *_ = _core.configuration()
    old_lane, old_workers, old_memory, old_retries, old_spill = before
    check(workers, retries)
    size = old_memory if memory is None else parse_bytes(memory)
    if size is not None and size < 1:
        raise ValueError(f"memory must be at least 1 byte, not {memory!r}")
    if memory is not None:
        _give_back_freed()
    _core.configure(
        lane or old_lane,
        old_workers if workers is None else workers,
        size,
        old_retries if retries is None else retries,
        old_spill if spill is None else spill,
    )
    return Configuration(before)


def _set_give_back() -> None:
    """
    From now on have large blocks of memory go back to the operating system when they are freed.

    glibc keeps freed blocks of up to 32 MiB for the next that asks, in each thread's arena, which
    no budget knows of. It saves page faults, so it is left as it is where there is no budget.
    """
    if sys.platform != "linux":
        return
    import ctypes

    mmap_threshold = -3
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # not in every C library
    if mallopt is not None:
        mallopt(mmap_threshold, 1 << 17)


# Once is enough.
_give_back_freed = cache(_set_give_back)


def check(workers: int | None, retries: int | None) -> None:
    """Refuse numbers of workers and of retries that can't be."""
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    if retries is not None and retries < 0:
        raise ValueError(f"retries must be at least 0, not {retries}")


def set_num_threads(n: int) -> None:
    """
    Set on how many cores parallel loops run, and how many tasks: ``config(workers=n)``.

    Parameters
    ----------
    n : int
        How many; at least 1.

    See Also
    --------
    config : all of the settings, also for a ``with`` block only
    """
    config(workers=n)


def get_num_threads() -> int:
    """
    Return on how many cores parallel loops run.

    Returns
    -------
    int

    Examples
    --------
    >>> import manycore as mc
    >>> with mc.config(workers=2):
    ...     mc.get_num_threads()
    2
    """
    return config().workers
