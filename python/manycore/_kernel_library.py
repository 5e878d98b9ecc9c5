"""
Where compiled functions find NumPy's functions that the compiler does not know itself.

They are written in the language that is compiled, in the modules of `manycore._library`: a call of
one is compiled where it stands, for the types that it is given, so what depends on a type or on
whether an argument is None is decided at compile time and costs nothing.

`kernel` stands in them for what only the compiler can do: ``kernel.is_float(dtype)``,
``kernel.promote(one, two)``, ``kernel.solve(a, b, x)`` and the like (``lower/numpy.rs``).
"""

from __future__ import annotations

import importlib
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_INTRINSICS = (
    "cholesky determinant eigh fail floating inverse is_array is_bool is_complex is_float"
    " is_integer is_scalar is_tuple matmul promote qr random random_bits seed solve svd"
)

kernel = ModuleType("kernel")
for _name in _INTRINSICS.split():
    setattr(kernel, _name, ModuleType(f"kernel.{_name}"))

# The modules of `manycore._library`. A path's function is defined in one of them under the last
# part of the path, behind `ufunc_` if it is of single numbers, `array_` if it is a method of
# arrays, and `random_`, `generator_` (both NumPy's), `python_` (Python's `random`) or `linalg_`
# if it is from there.
_MODULES = (
    "basic",
    "sorting",
    "statistics",
    "signals",
    "joining",
    "linalg",
    "making",
    "randomness",
    "distributions",
    "spectra",
    "numbers",
    "windows",
    "sets",
    "polynomials",
    "bits",
    "selecting",
)
_PREFIXES = {"numpy": "", "manycore": "", "scipy.special": "", "random": "python_"}


def find(path: str) -> Callable[..., Any] | None:
    """Return the definition of what stands at a path such as ``"numpy.cumsum"``, if there is."""
    module, _, name = path.rpartition(".")
    package, _, last = module.rpartition(".")
    modules: tuple[str, ...]
    if package == "manycore._library":
        prefix, modules = "", (last,)
    else:
        prefix, modules = _PREFIXES.get(module, last + "_"), _MODULES
    for where in modules:
        found = getattr(importlib.import_module(f"manycore._library.{where}"), prefix + name, None)
        if callable(found) and getattr(found, "__module__", "") == f"manycore._library.{where}":
            function: Callable[..., Any] = found
            return function
    return None
