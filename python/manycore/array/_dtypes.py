"""
Types of elements: NumPy's, their names, and what is converted to what.

Lazy arrays stand for their types here, so nothing is computed.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy import (
    bool_,
    complex64,
    complex128,
    e,
    euler_gamma,
    float16,
    float32,
    float64,
    inf,
    int8,
    int16,
    int32,
    int64,
    intp,
    nan,
    newaxis,
    pi,
    promote_types,
    uint8,
    uint16,
    uint32,
    uint64,
)

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

bool = np.bool_

__all__ = [
    "__array_namespace_info__",
    "astype",
    "bool",
    "bool_",
    "can_cast",
    "complex64",
    "complex128",
    "e",
    "euler_gamma",
    "finfo",
    "float16",
    "float32",
    "float64",
    "iinfo",
    "inf",
    "int8",
    "int16",
    "int32",
    "int64",
    "intp",
    "isdtype",
    "min_scalar_type",
    "nan",
    "newaxis",
    "pi",
    "promote_types",
    "result_type",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
]


def converted(core: Any, dtype: Any, casting: Any = "unsafe") -> Any:
    """Cast an expression of the core as ``astype`` does, with NumPy's errors and warnings."""
    kind = np.dtype(dtype)
    if kind == core.dtype:
        return core
    if kind.hasobject:
        raise TypeError(f"dtype {kind} holds Python objects, which are not supported")
    if not np.can_cast(core.dtype, kind, casting):
        raise TypeError(
            f"Cannot cast array data from {core.dtype!r} to {kind!r} "
            f"according to the rule '{casting}'"
        )
    if core.dtype.kind == "c" and kind.kind not in "bc":
        warnings.warn(
            "Casting complex values to real discards the imaginary part",
            np.exceptions.ComplexWarning,
            stacklevel=3,
        )
    if core.dtype.kind not in "biufc" or kind.kind not in "biufc":
        # NumPy's error if there is no such conversion; and how long its strings get.
        kind = np.empty(0, core.dtype).astype(kind).dtype
    return _core.Array.map("cast", [core], kind)


def astype(
    x: Any, dtype: Any, /, *, copy: Any = True, device: Any = None, casting: Any = "unsafe"
) -> Array:
    """
    Convert the elements to another type.

    Examples
    --------
    >>> mc.array.astype(mc.array.arange(2), mc.array.float32).compute()
    array([0., 1.], dtype=float32)
    """
    from manycore.array._creation import check_device

    check_device(device)
    return _array.asarray(x).astype(dtype, casting=casting, copy=copy)


def _type(value: Any) -> Any:
    """Give an array's type for it; and types and Python's numbers as they are."""
    return value.dtype if isinstance(value, Array) else value


def result_type(*arrays_and_dtypes: Any) -> np.dtype[Any]:
    """
    Give the type that results from arrays, types and Python's numbers together.

    Examples
    --------
    >>> mc.array.result_type(mc.array.ones(2, dtype="float32"), 1.5)
    dtype('float32')
    """
    return np.result_type(*map(_type, arrays_and_dtypes))


def can_cast(from_: Any, to: Any, /, casting: Any = "safe") -> Any:
    """
    Tell whether a type can be converted to another.

    Examples
    --------
    >>> mc.array.can_cast(mc.array.float32, mc.array.float64)
    True
    """
    return np.can_cast(_type(from_), to, casting)


def min_scalar_type(a: Any, /) -> np.dtype[Any]:
    """
    Give the smallest type that holds a number; an array's own type.

    Examples
    --------
    >>> mc.array.min_scalar_type(300)
    dtype('uint16')
    """
    return a.dtype if isinstance(a, Array) else np.min_scalar_type(a)


def isdtype(dtype: Any, kind: Any) -> Any:
    """
    Tell whether a type is of a kind.

    Examples
    --------
    >>> mc.array.isdtype(mc.array.float32, "real floating")
    True
    """
    return np.isdtype(np.dtype(dtype), kind)


class FloatInfo:
    """The limits of a floating-point type, as Python's numbers; else as `numpy.finfo`."""

    def __init__(self, dtype: Any) -> None:
        self._info = np.finfo(dtype)
        self.dtype = self._info.dtype

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._info, name)
        return float(value) if isinstance(value, np.floating) else value

    def __repr__(self) -> str:
        return repr(self._info)


def finfo(type: Any, /) -> FloatInfo:
    """
    Give the limits of a floating-point type.

    Examples
    --------
    >>> mc.array.finfo(mc.array.float32).eps
    1.1920928955078125e-07
    """
    return FloatInfo(_type(type))


def iinfo(type: Any, /) -> np.iinfo[Any]:
    """
    Give the limits of an integer type.

    Examples
    --------
    >>> mc.array.iinfo(mc.array.int8).max
    127
    """
    return np.iinfo(_type(type))


class _NamespaceInfo:
    """What the array API standard wants to know of a namespace."""

    def capabilities(self) -> dict[str, Any]:
        """Say what the namespace can do."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self) -> str:
        """Give the device on which arrays are made."""
        return "cpu"

    def devices(self) -> list[str]:
        """Give all devices."""
        return ["cpu"]

    def default_dtypes(self, *, device: Any = None) -> dict[str, np.dtype[Any]]:
        """Give the types that functions choose."""
        return {
            "real floating": np.dtype(float64),
            "complex floating": np.dtype(complex128),
            "integral": np.dtype(int64),
            "indexing": np.dtype(int64),
        }

    def dtypes(self, *, device: Any = None, kind: Any = None) -> dict[str, np.dtype[Any]]:
        """Give the types by their names, of a kind or of several."""
        types = (
            "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 "
            "complex128"
        )
        found = {name: np.dtype(name) for name in types.split()}
        if kind is None:
            return found
        return {name: each for name, each in found.items() if np.isdtype(each, kind)}


def __array_namespace_info__() -> _NamespaceInfo:  # noqa: N807, the standard's name
    """
    Describe the namespace, for the array API standard.

    Examples
    --------
    >>> mc.array.__array_namespace_info__().default_device()
    'cpu'
    """
    return _NamespaceInfo()
