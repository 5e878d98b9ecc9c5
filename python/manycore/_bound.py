"""Functions that are bound to this process, or to its caller's context variables."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context
    from typing import Any


def name(function: Callable[..., Any]) -> str:
    """Return what errors and traces call a function."""
    return str(getattr(function, "__name__", type(function).__name__))


class Here:
    """A function that can't leave this process, because it changes objects that others see."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    @property
    def __name__(self) -> str:
        return name(self.function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def __reduce__(self) -> str:
        raise TypeError(f"{name(self.function)} changes objects of this process and can't leave it")


class InContext:
    """A function that sees its caller's context variables; in a worker process there are none."""

    __slots__ = ("context", "function")

    def __init__(self, function: Callable[..., Any], context: Context) -> None:
        self.function = function
        self.context = context

    @property
    def __name__(self) -> str:
        return name(self.function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # A copy, because a context can't be entered twice at one time.
        return self.context.copy().run(self.function, *args, **kwargs)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return _same, (self.function,)


def _same(function: Callable[..., Any]) -> Callable[..., Any]:
    return function
