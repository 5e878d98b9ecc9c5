"""
Where Dask's tasks may run.

What a task takes is measured, and those of a kind that turn out long move to worker processes. Two
kinds stay. Some functions change objects that others have too: methods their own; some of Dask's
the array that is stored to, or a buffer in front of files. And what NumPy, pandas and Arrow do runs
side by side on threads as it is, because they release the interpreter's lock: a process would cost
the way there and gain nothing.
"""

from __future__ import annotations

from contextvars import copy_context
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

from manycore import _core
from manycore._bound import Bound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

# What tells where a function may run: it shares objects with others, its work is native, or it is
# somebody's own Python. None of them: it is Python's or Dask's own and does little itself.
SHARES = 1
IS_NATIVE = 2
IS_PYTHON = 4

_SHARING = {
    ("dask.array.core", "load_chunk"),
    ("dask.array.core", "load_store_chunk"),
    ("dask.bag.core", "collect"),
    ("dask.bag.core", "partition"),
    ("dask.dataframe.dask_expr._shuffle", "DiskShuffle._shuffle_group"),
    ("dask.dataframe.shuffle", "collect"),
}
_NATIVE = ("numpy", "pandas", "pyarrow", "scipy", "dask.array", "dask.dataframe")
_NEITHER = ("builtins", "_operator", "operator", "functools", "toolz", "dask")
# Dask's bags hold Python objects.
_PYTHON = ("dask.bag",)

# Functions as arguments tell more than those that call them.
FUNCTIONS = frozenset({BuiltinFunctionType, FunctionType, MethodType, partial})


class Binder:
    """Binds functions to the caller's context variables, and to this process those that stay."""

    def __init__(self) -> None:
        context = copy_context()
        self.context = context if len(context) else None
        self.lane = _core.configuration()[0][0]
        # By the functions' addresses; the functions are kept, or others could have these meanwhile.
        self.known: dict[int, tuple[Callable[..., Any], Callable[..., Any]]] = {}

    def bind(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Bind a function, always to the same object."""
        known = self.known.get(id(function))
        if known is None:
            bound = function
            if self.context is not None or not _is_builtin(function):
                bound = self.bind_all(function, [function])
            known = self.known[id(function)] = (function, bound)
        return known[1]

    def bind_all(
        self, function: Callable[..., Any], parts: Iterable[Callable[..., Any]], known: int = 0
    ) -> Bound:
        """Bind a function that calls all these, and of which so much is known."""
        for part in parts:
            known |= traits(part)
        is_native = known & (IS_NATIVE | IS_PYTHON) == IS_NATIVE
        is_here = bool(known & SHARES) or (is_native and self.lane == "mixed")
        return Bound(function, self.context, is_here)


def traits(function: Callable[..., Any]) -> int:
    """Return what is known about a function: a sum of the constants above."""
    known = 0
    for part in _parts(function):
        # What has no module of its own, such as a ufunc, is of its type's.
        module = getattr(part, "__module__", None) or type(part).__module__
        owner = getattr(part, "__self__", None)
        # Modules, classes and ufuncs are the same everywhere.
        is_method = not (owner is None or isinstance(owner, ModuleType) or callable(owner))
        if is_method or (module, getattr(part, "__qualname__", None)) in _SHARING:
            known |= SHARES
        if _is_in(module, _PYTHON):
            known |= IS_PYTHON
        elif _is_in(module, _NATIVE):
            known |= IS_NATIVE
        elif not _is_in(module, _NEITHER):
            known |= IS_PYTHON
    return known


def _is_builtin(function: Callable[..., Any]) -> bool:
    return type(function) is BuiltinFunctionType and isinstance(function.__self__, ModuleType)


def is_lock(kind: type) -> bool:
    """Whether values of that kind are locks, which mean something in one process only."""
    return hasattr(kind, "acquire") and hasattr(kind, "release")


def _parts(function: Any) -> Iterator[Any]:
    """Yield a function, or those that it is made of."""
    if isinstance(function, partial):
        yield from _parts(function.func)
        for argument in (*function.args, *function.keywords.values()):
            if type(argument) in FUNCTIONS:
                yield from _parts(argument)
    elif hasattr(function, "pyfunc"):  # numpy.vectorize
        yield from _parts(function.pyfunc)
    elif type(function).__name__ == "Compose":  # toolz.compose
        for inner in (function.first, *function.funcs):
            yield from _parts(inner)
    else:
        yield function


def _is_in(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)
