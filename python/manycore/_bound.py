"""Functions of another library's graph, called as that library's own threads would call them."""

from __future__ import annotations

import functools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context
    from typing import Any


def name_of(function: Callable[..., Any]) -> str:
    """
    Name a function in errors and traces.

    Examples
    --------
    >>> name_of(functools.partial(max, 1))
    'max'
    """
    while isinstance(function, functools.partial):
        function = function.func
    return str(getattr(function, "__name__", type(function).__name__))


class Bound:
    """
    A function that sees its caller's context variables and may write to the arrays it is given.

    Parameters
    ----------
    function : callable
        What is called.
    context : Context, optional
        The variables; in a worker process there are none.
    is_here : bool
        Whether the function stays in this process: then it can't be pickled.

    Examples
    --------
    >>> Bound(max, None, is_here=True)(1, 2)
    2
    """

    __slots__ = ("context", "function", "is_here")

    def __init__(
        self, function: Callable[..., Any], context: Context | None, is_here: bool
    ) -> None:
        self.function = function
        self.context = context
        self.is_here = is_here

    @property
    def __name__(self) -> str:
        return name_of(self.function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.context is None:
            return self.function(*args, **kwargs)
        # A copy, because a context can't be entered twice at one time.
        return self.context.copy().run(self.function, *args, **kwargs)

    def __reduce__(self) -> tuple[type[Bound], tuple[Any, ...]]:
        if self.is_here:
            raise TypeError(f"{self.__name__} belongs to this process and can't be sent to another")
        return Bound, (self.function, None, False)
