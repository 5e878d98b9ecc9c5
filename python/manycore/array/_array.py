"""
The class `Array`, and what makes one.

An `Array` holds an expression of the core, ``_core``, which is never changed: operations make new
expressions, and what looks like a change of an array in place (``x[0] = 1``, ``x += 1``) gives the
same `Array` a new expression. An array whose shape is only known when something is counted (a
boolean mask has selected it) gets its expression when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module

import numpy as np

from manycore import _core
from manycore.array._operators import Operators

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    _Chunks = tuple[tuple[int, ...], ...]

__all__ = ["Array", "compute"]


class _Method:
    """A method that is the function of its name in a family, which is imported when it is used."""

    def __init__(self, family: str, function: str = "") -> None:
        self.family = family
        self.function = function

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> Any:
        family = import_module(f"manycore.array.{self.family}")
        function = getattr(family, self.function or self.name)
        setattr(owner, self.name, function)  # from now on an ordinary method
        return function if instance is None else function.__get__(instance, owner)


class _Later:
    """An expression that is made when it is asked for; its dtype and dimensions are known."""

    def __init__(self, make: Callable[[], Any], dtype: np.dtype[Any], ndim: int) -> None:
        self.make = make
        self.dtype = dtype
        self.ndim = ndim


class Array(Operators):
    """
    A lazy, chunked n-dimensional array: what the functions of `manycore.array` make and take.

    Attributes
    ----------
    dtype : numpy.dtype
        The type of the elements.
    shape : tuple of int
        The length of each axis.
    chunks : tuple of tuples of int
        The lengths of the chunks along each axis.

    Examples
    --------
    >>> x = mc.array.arange(6).reshape(2, 3)
    >>> (x * 2).sum(axis=0).compute()
    array([ 6, 10, 14])
    """

    __slots__ = ("__weakref__", "_core", "_later")
    __hash__ = None  # type: ignore[assignment]
    __array_priority__ = 11.0

    _core: Any
    _later: _Later | None

    def __getattr__(self, name: str) -> Any:
        # Only what isn't there comes here: the expression of an array that is made later.
        if name == "_core" and self._later is not None:
            core = self._core = self._later.make()
            self._later = None
            return core
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        later = self._later
        return self._core.dtype if later is None else later.dtype  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        later = self._later
        return self._core.ndim if later is None else later.ndim  # type: ignore[no-any-return]

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self._core.shape  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._core.size  # type: ignore[no-any-return]

    @property
    def itemsize(self) -> int:
        """The bytes of one element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """The bytes of all elements."""
        return self._core.nbytes  # type: ignore[no-any-return]

    @property
    def chunks(self) -> _Chunks:
        """The lengths of the chunks along each axis."""
        return self._core.chunks  # type: ignore[no-any-return]

    @property
    def chunksize(self) -> tuple[int, ...]:
        """The length of the longest chunk along each axis."""
        return tuple(max(lengths) for lengths in self._core.chunks)

    @property
    def numblocks(self) -> tuple[int, ...]:
        """The number of chunks along each axis."""
        return self._core.numblocks  # type: ignore[no-any-return]

    @property
    def npartitions(self) -> int:
        """The number of chunks."""
        count = 1
        for blocks in self._core.numblocks:
            count *= blocks
        return count

    def __repr__(self) -> str:
        """Say what it is, without computing it."""
        if self._later is not None:
            return f"mc.array<ndim={self.ndim}, dtype={self.dtype}, shape not counted yet>"
        return f"mc.array<shape={self.shape}, dtype={self.dtype}, chunks={self.chunksize}>"

    def compute(self) -> Any:
        """
        Compute the elements, on all cores.

        Returns
        -------
        numpy.ndarray or numpy.generic
            An array, or a scalar if there are no axes.

        Examples
        --------
        >>> mc.array.ones((2, 2)).sum().compute()
        np.float64(4.0)
        """
        result = _core.compute_arrays([self._core])[0]
        return result if result.ndim else result[()]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        """Compute the elements, for ``numpy.asarray``."""
        if copy is False:
            raise ValueError(
                "a lazy array has no memory that could be shared: leave copy=False out"
            )
        result: np.ndarray[Any, Any] = _core.compute_arrays([self._core])[0]
        return result if dtype is None else result.astype(dtype, copy=False)

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[Array]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d array")
        return (self[index] for index in range(self.shape[0]))

    sum = _Method("_reductions")


def _wrap(core: Any) -> Array:
    """Make an array of an expression of the core."""
    array = _new(Array)
    array._core = core
    array._later = None
    return array


_new = object.__new__


def _wrap_later(make: Callable[[], Any], dtype: np.dtype[Any], ndim: int) -> Array:
    """Make an array of an expression that ``make`` makes when the shape is first asked for."""
    array = _new(Array)
    array._later = _Later(make, dtype, ndim)
    return array


def asarray(value: Any) -> Array:
    """Make an array of anything that NumPy can make one of, without a copy where it can."""
    if isinstance(value, Array):
        return value
    array = np.asarray(value)
    if array.dtype.hasobject:
        raise TypeError(
            f"{value!r:.80} has dtype {array.dtype}, and Python objects are not supported: "
            "use a NumPy array for them, or mc.bag"
        )
    return _wrap(_core.Array.from_numpy(array))


def compute(*arrays: Any) -> tuple[Any, ...]:
    """
    Compute several arrays together: what they share is computed once.

    Parameters
    ----------
    *arrays : Array or object
        What to compute; what is no array is returned as it is.

    Returns
    -------
    tuple
        NumPy's arrays, and scalars for arrays without axes.

    Examples
    --------
    >>> x = mc.array.arange(4)
    >>> mc.array.compute(x.min(), x.max())
    (np.int64(0), np.int64(3))
    """
    lazy = [value._core for value in arrays if isinstance(value, Array)]
    results = iter(_core.compute_arrays(lazy))
    computed = (next(results) if isinstance(value, Array) else value for value in arrays)
    return tuple(
        value[()] if isinstance(value, np.ndarray) and not value.ndim else value
        for value in computed
    )
