"""
Keeps NumPy's linear algebra to the core that calls it.

Tasks run on all cores, and each of NumPy's decompositions would start threads on all of them again:
they wait for each other spinning, and a tall QR takes ten times the work. OpenBLAS has one number
of threads for all that call it, so it is 1 as long as any task is at it, and then what it was.
"""

from __future__ import annotations

import ctypes
import functools
import threading

import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# OpenBLAS as NumPy's wheels have it, as SciPy's builds do, and as systems do.
_NAMES = (
    "scipy_openblas_{}_num_threads64_",
    "scipy_openblas_{}_num_threads",
    "openblas_{}_num_threads64_",
    "openblas_{}_num_threads",
)

_lock = threading.Lock()
_inside = 0
_before = 1


@functools.cache
def _openblas() -> tuple[Any, Any] | None:
    """Find the functions that get and set how many threads there are; None if there are none."""
    # A library knows the names of those that it is linked with.
    library = ctypes.CDLL(np.linalg._umath_linalg.__file__)
    for name in _NAMES:
        if hasattr(library, name.format("get")) and hasattr(library, name.format("set")):
            get, put = getattr(library, name.format("get")), getattr(library, name.format("set"))
            get.restype, put.argtypes, put.restype = ctypes.c_int, [ctypes.c_int], None
            return get, put
    return None


def one_core(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of a task's stay on the task's core."""

    @functools.wraps(function)
    def single(*arguments: Any) -> Any:
        _enter()
        try:
            return function(*arguments)
        finally:
            _leave()

    return single


def _enter() -> None:
    global _inside, _before
    found = _openblas()
    if found is None:
        return
    with _lock:
        if not _inside:
            _before = found[0]()
            found[1](1)
        _inside += 1


def _leave() -> None:
    global _inside
    found = _openblas()
    if found is None:
        return
    with _lock:
        _inside -= 1
        if not _inside:
            found[1](_before)
