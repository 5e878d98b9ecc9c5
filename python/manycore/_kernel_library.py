"""
Where compiled functions find NumPy's functions that the compiler does not know itself.

They are written in the language that is compiled, in the modules of `manycore._library`: a call of
one is compiled where it stands, for the types that it is given, so what depends on a type or on
whether an argument is None is decided at compile time and costs nothing.

`kernel` stands in them for what only the compiler can do: ``kernel.is_float(dtype)``,
``kernel.promote(one, two)``, ``kernel.solve(a, b, x)`` and the like (``lower/numpy.rs``).
"""

from __future__ import annotations

import functools
import importlib
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_INTRINSICS = (
    "cholesky determinant eigh fail floating generator inverse is_array is_bool is_complex is_float"
    " is_integer is_list is_scalar is_tuple item matmul promote qr random random_bits seed shift"
    " solve svd"
)

kernel = ModuleType("kernel")
for _name in _INTRINSICS.split():
    setattr(kernel, _name, ModuleType(f"kernel.{_name}"))

# The modules of `manycore._library`. A path's function is defined in one of them under the last
# part of the path, behind `ufunc_` if it is of single numbers, `array_` if it is a method of
# arrays, and `list_`, `heapq_`, `random_`, `generator_` (both NumPy's), `python_` (Python's
# `random`) or `linalg_` if it is from there.
_MODULES = (
    "basic",
    "sorting",
    "quicksort",
    "statistics",
    "signals",
    "joining",
    "lists",
    "integers",
    "ufuncs",
    "linalg",
    "einsum",
    "making",
    "grids",
    "padding",
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


def _find_homes() -> dict[str, str]:
    """
    Return which module defines what, as their lines say.

    Most names that are looked for are in none, and importing them all takes longer.
    """
    homes: dict[str, str] = {}
    folder = f"{__file__.rpartition('_kernel_library')[0]}_library"
    for module in _MODULES:
        with open(f"{folder}/{module}.py", encoding="utf-8") as lines:  # noqa: PTH123 - see _source
            for line in lines:
                if line[0] in " \n":
                    continue
                names = line.split(" = ")[:-1]
                if line.startswith("def "):
                    names = [line[4 : line.index("(")]]
                for name in names:
                    homes.setdefault(name, module)
    return homes


_homes = functools.cache(_find_homes)


def find(path: str) -> Callable[..., Any] | None:
    """Return the definition of what stands at a path such as ``"numpy.cumsum"``, if there is."""
    module, _, name = path.rpartition(".")
    package, _, last = module.rpartition(".")
    if package == "manycore._library":
        prefix, home = "", last
    else:
        prefix = _PREFIXES.get(module, last + "_")
        home = _homes().get(prefix + name, "")
    if not home:
        return None
    where = f"manycore._library.{home}"
    found = getattr(importlib.import_module(where), prefix + name, None)
    if not callable(found) or getattr(found, "__module__", "") != where:
        return None
    function: Callable[..., Any] = found
    return function
