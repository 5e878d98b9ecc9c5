"""The process's settings: where tasks run, on how many cores, in how much memory."""

from __future__ import annotations

from manycore import _core
from manycore._sizes import format_bytes, parse_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Literal


class Configuration:
    """
    The settings after a call of `config`; as a context manager, it takes them back at its end.

    Attributes
    ----------
    lane : str
        ``"threads"`` or ``"inline"``.
    workers : int
        Tasks that run at one time on the threads lane.
    memory : int or None
        Bytes that results may hold; None where the machine doesn't tell how much it has.
    """

    def __init__(self, before: tuple[str, int | None, int | None]) -> None:
        self._before = before
        self.lane, _, _, self.workers, self.memory = _core.configuration()

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
    lane: Literal["threads", "inline"] | None = None,
    workers: int | None = None,
    memory: int | str | None = None,
) -> Configuration:
    """
    Change the process's settings, for good or for a ``with`` block.

    Parameters
    ----------
    lane : {"threads", "inline"}, optional
        Where tasks run. ``"threads"`` (the default) uses every core; ``"inline"`` runs one task
        after the other in the calling thread, always in the same order, so that ``pdb`` works.
    workers : int, optional
        Tasks that run at one time; as many as there are usable cores by default.
    memory : int or str, optional
        Bytes that results may hold, such as ``"4GB"``; by default 80 % of what the machine or the
        cgroup has.

    Returns
    -------
    Configuration
        The settings as they are now. What isn't given stays as it was.

    Raises
    ------
    ValueError
        If the lane isn't one, or workers or memory is less than 1.

    Examples
    --------
    >>> with mc.config(lane="inline"):
    ...     mc.bag.from_sequence(["b", "a"]).min().compute()
    'a'
    """
    old_lane, old_workers, old_memory, _, _ = _core.configuration()
    before = (old_lane, old_workers, old_memory)
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    size = old_memory if memory is None else parse_bytes(memory)
    if size is not None and size < 1:
        raise ValueError(f"memory must be at least 1 byte, not {memory!r}")
    _core.configure(lane or old_lane, old_workers if workers is None else workers, size)
    return Configuration(before)
