"""
Lazy arrays larger than a core and larger than memory: NumPy's interface over chunks.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from manycore.array._array import Array, compute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    def __getattr__(name: str) -> Any: ...  # the families' functions

__all__ = ["Array", "compute"]

__array_api_version__ = "2024.12"

_FAMILIES = (
    "_ufuncs",
    "_functions",
    "_creation",
    "_indexing",
    "_assignment",
    "_pad",
    "_manipulation",
    "_dtypes",
    "_reductions",
    "_scans",
    "_nan",
    "_quantiles",
    "_statistics",
    "_sorting",
    "_sets",
    "_histograms",
    "_blockwise",
    "_overlap",
    "_gufunc",
    "_apply",
    "_signal",
    "_products",
    "_einsum",
    "_files",
    "_zarr",
)
for _family in _FAMILIES:
    if find_spec(f"manycore.array.{_family}"):
        _module = import_module(f"manycore.array.{_family}")
        globals().update({_name: getattr(_module, _name) for _name in _module.__all__})
        __all__ += _module.__all__
for _family in ("linalg", "fft", "random", "overlap"):
    if find_spec(f"manycore.array.{_family}"):
        globals()[_family] = import_module(f"manycore.array.{_family}")
        __all__ += [_family]
