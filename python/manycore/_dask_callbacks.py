"""
Dask's callbacks: those that the engine can call, and those that only Dask's own loop can.

A callback that wants to be told of each task is shown the state of that loop, so it needs the loop.
A progress bar only counts, and others want to know of no more than the beginning and the end.
"""

from __future__ import annotations

import contextlib

from dask._task_spec import convert_legacy_graph
from dask.diagnostics.progress import ProgressBar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from typing import Any

    # start, start_state, pretask, posttask, finish: each may be missing.
    _Callbacks = tuple[Callable[..., Any] | None, ...]


def is_told_of_tasks(callbacks: _Callbacks) -> bool:
    """Whether these callbacks need the state of Dask's loop."""
    _, start_state, pretask, posttask, _ = callbacks
    told = start_state or posttask or pretask
    return told is not None and not (told is pretask and _is_bar(pretask))


def _is_bar(pretask: Any) -> bool:
    return isinstance(getattr(pretask, "__self__", None), ProgressBar)


class _Count:
    """So many tasks."""

    def __init__(self) -> None:
        self.count = 0

    def __len__(self) -> int:
        return self.count


@contextlib.contextmanager
def told(
    active: Collection[_Callbacks], graph: Mapping[Any, Any]
) -> Iterator[Callable[..., None] | None]:
    """Tell callbacks of the beginning and the end; what is yielded tells progress bars between."""
    if not active:
        yield None
        return
    graph = convert_legacy_graph(graph)
    finished, waiting = _Count(), _Count()
    state = {"finished": finished, "waiting": waiting, "ready": (), "running": ()}
    waiting.count = len(graph)

    def progress(bytes_: int, files: int, items: int, done: int, total: int) -> None:
        finished.count, waiting.count = done, total - done

    started = []
    has_failed = True
    try:
        for callbacks in active:
            start, _, pretask, _, _ = callbacks
            if start is not None:
                start(graph)
            started.append(callbacks)
            if pretask is not None:
                pretask(None, graph, state)
        yield progress
        has_failed = False
    finally:
        for *_, finish in started:
            if finish is not None:
                finish(graph, state, has_failed)
