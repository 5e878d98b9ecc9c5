"""Kernels of arrays: compiled from the text that the engine writes, or NumPy's own functions."""

from __future__ import annotations

import itertools
import linecache

import numpy as np

from manycore._jit import Compiled
from manycore._ufuncs import scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_numbers = itertools.count()


def kernel(source: str, functions: dict[str, Any], reassociates: bool) -> Any:
    """Make a compiled function of a kernel's text; sums may be `reassociates`, elements never."""
    name = f"<manycore array {next(_numbers)}>"
    # Where whoever reads a function's source looks.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    functions = {place: scalars.get(function, function) for place, function in functions.items()}
    namespace: dict[str, Any] = {"np": np, **functions}
    exec(compile(source, name, "exec"), namespace)
    options: dict[str, Any] = {"parallel": False, "fastmath": False, "sums": reassociates}
    options |= {"boundscheck": False, "error_model": "numpy", "fallback": False, "cache": True}
    return Compiled(namespace["kernel"], options)


def apply(name: str, dtype: np.dtype[Any], inputs: list[np.ndarray]) -> np.ndarray:
    """Apply one of NumPy's ufuncs, ``"where"`` or ``"cast"``, without its warnings."""
    with np.errstate(all="ignore"):
        if name == "cast":
            return inputs[0].astype(dtype)
        if name == "where":
            return np.where(*inputs)
        result = getattr(np, name)(*inputs)
        return np.asarray(result, dtype)


def reduce(name: str, block: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """Combine a block's elements along axes, for types that only NumPy knows."""
    with np.errstate(all="ignore"):
        return np.asarray(getattr(np, name).reduce(block, axis=axes))


def call(
    function: Callable[..., Any], name: str, dtype: np.dtype[Any], inputs: list[np.ndarray]
) -> np.ndarray:
    """Apply a function of the user's to blocks."""
    result = np.asarray(function(*inputs))
    shape = np.broadcast_shapes(*(block.shape for block in inputs))
    if result.dtype != dtype or result.shape != shape:
        raise TypeError(
            f"{name} returned {result.dtype} of shape {result.shape} for blocks of shape {shape}, "
            f"where {dtype} was announced"
        )
    return result
