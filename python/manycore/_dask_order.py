"""The order in which Dask's tasks depend on each other."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Hashable, Iterable, Iterator
    from typing import Any

    from dask._task_spec import GraphNode as _GraphNode


class CycleError(RuntimeError, ValueError):
    """Keys of a graph depend on each other. A RuntimeError too: that is what Dask raises."""


def sort(
    keys: Iterable[Hashable],
    done: Container[Hashable],
    find: Callable[[Hashable, Hashable], _GraphNode],
) -> Iterator[tuple[Hashable, Any]]:
    """Yield tasks behind those that they depend on; who asks for the next one has done the last."""
    stack = list(keys)
    # The tasks that wait for what is looked at: a cycle would have to run through them.
    path: dict[Hashable, Any] = {}
    while stack:
        key = stack[-1]
        if key in done:
            stack.pop()
            continue
        task = path.get(key)
        if task is None:
            task = find(key, next(reversed(path), None))
        missing = [other for other in task.dependencies if other not in done]
        if not missing:
            stack.pop()
            path.pop(key, None)
            yield key, task
            continue
        path[key] = task
        for other in missing:
            if other in path:
                cycle = [*path][[*path].index(other) :]
                shown = "\n  -> ".join(map(str, [*cycle, other]))
                raise CycleError(f"Cycle detected between the following keys:\n  -> {shown}")
        stack += missing
