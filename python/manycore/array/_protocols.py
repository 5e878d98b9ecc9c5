"""
What makes NumPy's functions, other libraries and Python itself take arrays.

NumPy's own functions are dispatched to ours. What we don't have is refused: it would have to
compute the whole array, and only the user knows whether that is wanted.
"""

from __future__ import annotations

from importlib import import_module

import numpy as np

from manycore import _core
from manycore.array._elementwise import elementwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_VERSION = "2024.12"

# Our functions by NumPy's, filled when NumPy asks for the first time.
_table: dict[Any, Callable[..., Any]] = {}


def _functions() -> dict[Any, Callable[..., Any]]:
    """Match NumPy's functions with ours of the same name."""
    if not _table:
        own = import_module("manycore.array")
        for numpy, ours in ((np, own), (np.linalg, own.linalg), (np.fft, own.fft)):
            # A function of several names first by its own.
            names = sorted(ours.__all__, key=lambda name: _own_name(numpy, name) != name)
            for name in names:
                theirs = getattr(numpy, name, None)
                if callable(theirs) and not isinstance(theirs, type):
                    _table.setdefault(theirs, getattr(ours, name))
    return _table


def _own_name(module: Any, name: str) -> str | None:
    return getattr(getattr(module, name, None), "__name__", None)


def _is_known(kind: type, array: type) -> bool:
    """Tell whether a type has no arithmetic of its own."""
    if issubclass(kind, array):
        return True
    theirs = getattr(kind, "__array_ufunc__", np.ndarray.__array_ufunc__)
    return theirs is np.ndarray.__array_ufunc__ or issubclass(kind, np.generic)


class Protocols:
    """The methods by which arrays speak with others."""

    __slots__ = ()

    _core: Any
    if TYPE_CHECKING:

        @property
        def ndim(self) -> int: ...
        @property
        def shape(self) -> tuple[int, ...]: ...
        @property
        def size(self) -> int: ...
        @property
        def dtype(self) -> np.dtype[Any]: ...

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        """Compute the elements, for ``numpy.asarray``."""
        if copy is False:
            raise ValueError(
                "a lazy array has no memory that could be shared: leave out copy=False"
            )
        result: np.ndarray[Any, Any] = _core.compute_arrays([self._core])[0]
        return result if dtype is None else result.astype(dtype, copy=False)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Apply a ufunc that NumPy was called with."""
        out: tuple[Any, ...] = options.get("out") or ()
        if not all(_is_known(type(value), type(self)) for value in (*inputs, *out)):
            return NotImplemented
        if len(out) == 1:
            (options["out"],) = out
        if method == "__call__":
            if ufunc.signature is None:
                return elementwise(ufunc, *inputs, **options)
            own = import_module("manycore.array")
            if getattr(np, ufunc.__name__, None) is ufunc:
                return getattr(own, ufunc.__name__)(*inputs, **options)
            return own.apply_gufunc(ufunc, ufunc.signature, *inputs, **options)
        if method == "reduce":
            from manycore.array._ufunc_reduce import reduce

            return reduce(ufunc, *inputs, **options)
        if method == "accumulate":
            from manycore.array._scans import accumulate

            return accumulate(ufunc, *inputs, **options)
        if method == "outer":
            left, right = (import_module("manycore.array").asarray(value) for value in inputs)
            left = left.reshape(left.shape + (1,) * right.ndim)
            return elementwise(ufunc, left, right, **options)
        raise TypeError(
            f"numpy.{ufunc.__name__}.{method} is not there for lazy arrays: "
            + (
                "assign to x[indices], or use numpy.bincount"
                if method == "at"
                else "use map_blocks, or compute the array first"
            )
        )

    def __array_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Call our function in place of one of NumPy's."""
        for kind in types:
            if not issubclass(kind, (type(self), np.ndarray)):
                return NotImplemented
        ours = _functions().get(func)
        if ours is None:
            name = f"{func.__module__}.{func.__name__}"
            raise TypeError(
                f"{name} is not there for lazy arrays: compute them first "
                f"({name}(numpy.asarray(x))), or use x.map_blocks for each chunk by itself"
            )
        return ours(*args, **kwargs)

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """Give the module of the array functions, for the Python array API standard."""
        if api_version not in (None, _VERSION, "2021.12", "2022.12", "2023.12"):
            raise ValueError(
                f"version {api_version!r} of the array API standard is not there; {_VERSION} is"
            )
        return import_module("manycore.array")

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """Compute the elements, for another library's ``from_dlpack``."""
        if stream is not None:
            raise ValueError("there are no streams on the device 'cpu'")
        computed = np.asarray(self)
        return computed.__dlpack__(max_version=max_version, dl_device=dl_device)

    def __dlpack_device__(self) -> tuple[int, int]:
        """Say where the elements will be: in main memory."""
        return (1, 0)

    def __buffer__(self, flags: int, /) -> memoryview:
        """Compute the elements, for ``memoryview``: Python asks from 3.12 on."""
        return memoryview(np.asarray(self))  # type: ignore[arg-type]

    def _scalar(self) -> Any:
        """Compute the only element; raise NumPy's error from a stand-in if there are others."""
        if self.size == 1:
            return np.asarray(self)
        return np.broadcast_to(np.zeros((), self.dtype), self.shape)

    def __bool__(self) -> bool:
        return bool(self._scalar())

    def __int__(self) -> int:
        return int(self._scalar())

    def __float__(self) -> float:
        return float(self._scalar())

    def __complex__(self) -> complex:
        return complex(self._scalar())

    def __index__(self) -> int:
        if self.ndim or self.dtype.kind not in "biu":
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return self._scalar().__index__()  # type: ignore[no-any-return]

    def __format__(self, spec: str) -> str:
        return format(self._scalar()[()], spec) if spec and not self.ndim else str(self)

    def __contains__(self, value: Any) -> bool:
        return bool(import_module("manycore.array").any(self == value))

    def __reduce__(self) -> Any:
        """Pickle the elements, which are computed for it: expressions don't travel."""
        from manycore.array._creation import from_array

        return from_array, (np.asarray(self), self._core.chunks)

    def __copy__(self) -> Any:
        from manycore.array._creation import copy

        return copy(self)

    def __deepcopy__(self, memory: Any) -> Any:
        return self.__copy__()
