"""
Reductions of Python objects, as the engine drives them.

An accumulator makes a state (``start``), takes in lists of elements (``push``), ends a partition
(``seal``), joins two states in the order of their partitions (``merge``) and makes the list of
results (``finish``). Strings, and the numbers that native steps make of them, never come here: the
engine reduces those without Python.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


class _Nothing:
    """The state of no element; there is one, also where a pickle of it arrives."""

    def __reduce__(self) -> str:
        return "_NOTHING"


_NOTHING = _Nothing()


def _blame(error: Exception, item: object) -> None:
    """Add the element at which `error` happened to what it shows, if both allow it."""
    try:
        text = repr(item)
    except Exception:
        text = "…"
    try:  # noqa: SIM105, contextlib costs its import
        error.add_note(f"at the element {text[:200]}{'…' if len(text) > 200 else ''}")
    except Exception:
        pass


class Accumulator:
    """What all have in common: no start, nothing to seal, one result."""

    def start(self) -> Any:
        """Make the state of no element."""
        return _NOTHING

    def push(self, state: Any, items: list[Any]) -> Any:
        """Take in some elements."""
        raise NotImplementedError

    def seal(self, state: Any) -> Any:
        """End a partition."""
        return state

    def merge(self, state: Any, other: Any) -> Any:
        """Join with the state of the partitions behind."""
        raise NotImplementedError

    def finish(self, state: Any) -> list[Any]:
        """Make the results."""
        return [state]


class Fold(Accumulator):
    """``functools.reduce`` over each partition, then over the partitions."""

    def __init__(
        self, binop: Callable[..., Any], combine: Callable[..., Any], initial: Any = _NOTHING
    ) -> None:
        self.binop = binop
        self.combine = combine
        self.initial = initial

    def start(self) -> Any:
        return self.initial

    def push(self, state: Any, items: list[Any]) -> Any:
        remaining = iter(items)
        if state is _NOTHING:
            state = next(remaining, _NOTHING)
        item = state
        try:
            for item in remaining:
                state = self.binop(state, item)
        except Exception as error:
            _blame(error, item)
            raise
        return state

    def merge(self, state: Any, other: Any) -> Any:
        if state is _NOTHING:
            return other
        return state if other is _NOTHING else self.combine(state, other)

    def finish(self, state: Any) -> list[Any]:
        if state is _NOTHING:
            raise ValueError("fold of a bag without elements; pass initial")
        return [state]


class Reduction(Accumulator):
    """One function over each whole partition, another over the list of its results."""

    def __init__(
        self, perpartition: Callable[[list[Any]], Any], aggregate: Callable[[list[Any]], Any]
    ) -> None:
        self.perpartition = perpartition
        self.aggregate = aggregate

    def start(self) -> Any:
        return []

    def push(self, state: Any, items: list[Any]) -> Any:
        state.extend(items)
        return state

    def seal(self, state: Any) -> Any:
        return [self.perpartition(state)]

    def merge(self, state: Any, other: Any) -> Any:
        return state + other

    def finish(self, state: Any) -> list[Any]:
        return [self.aggregate(state)]


class Sum(Accumulator):
    """``sum``."""

    def start(self) -> Any:
        return 0

    def push(self, state: Any, items: list[Any]) -> Any:
        return sum(items, state)

    def merge(self, state: Any, other: Any) -> Any:
        return state + other


class Mean(Accumulator):
    """The arithmetic mean."""

    def start(self) -> Any:
        return (0, 0)

    def push(self, state: Any, items: list[Any]) -> Any:
        total, count = state
        return (sum(items, total), count + len(items))

    def merge(self, state: Any, other: Any) -> Any:
        return (state[0] + other[0], state[1] + other[1])

    def finish(self, state: Any) -> list[Any]:
        total, count = state
        if not count:
            raise ZeroDivisionError("mean of a bag without elements")
        return [total / count]


class Extreme(Accumulator):
    """``min`` or ``max``."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def push(self, state: Any, items: list[Any]) -> Any:
        if not items:
            return state
        best = self.function(items)
        return best if state is _NOTHING else self.function(state, best)

    def merge(self, state: Any, other: Any) -> Any:
        return self.push(state, [] if other is _NOTHING else [other])

    def finish(self, state: Any) -> list[Any]:
        if state is _NOTHING:
            raise ValueError(f"{self.function.__name__} of a bag without elements")
        return [state]


class Top(Accumulator):
    """The ``k`` largest elements, as ``heapq.nlargest`` gives them."""

    def __init__(self, k: int, key: Callable[[Any], Any] | None) -> None:
        self.k = k
        self.key = key

    def start(self) -> Any:
        return []

    def push(self, state: Any, items: list[Any]) -> Any:
        import heapq

        return heapq.nlargest(self.k, state + items, self.key)

    def merge(self, state: Any, other: Any) -> Any:
        return self.push(state, other)

    def finish(self, state: Any) -> list[Any]:
        return list(state)


class Distinct(Accumulator):
    """The first element of each key, in the order of their first appearance."""

    def __init__(self, key: Callable[[Any], Any] | None) -> None:
        self.key = key

    def start(self) -> Any:
        return {}

    def push(self, state: Any, items: Iterable[Any]) -> Any:
        for item in items:
            state.setdefault(item if self.key is None else self.key(item), item)
        return state

    def merge(self, state: Any, other: Any) -> Any:
        for key, item in other.items():
            state.setdefault(key, item)
        return state

    def finish(self, state: Any) -> list[Any]:
        return list(state.values())


class Frequencies(Accumulator):
    """``collections.Counter``; in the order of first appearance, or the most frequent first."""

    def __init__(self, sort: bool) -> None:
        self.sort = sort

    def start(self) -> Any:
        from collections import Counter

        return Counter()

    def push(self, state: Any, items: list[Any]) -> Any:
        state.update(items)
        return state

    def merge(self, state: Any, other: Any) -> Any:
        state.update(other)
        return state

    def finish(self, state: Any) -> list[Any]:
        return list(state.most_common() if self.sort else state.items())
