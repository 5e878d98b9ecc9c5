"""Numbers evenly spaced: they follow a rule, and take no memory."""

from __future__ import annotations

import math
import operator

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap
from manycore.array._creation import check_device, from_array, iota
from manycore.array._elementwise import cast
from manycore.array._shapes import (
    normalize_axis,
    normalize_chunks,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "arange",
    "geomspace",
    "linspace",
    "logspace",
]


def arange(
    start: Any,
    /,
    stop: Any = None,
    step: Any = 1,
    dtype: Any = None,
    *,
    device: Any = None,
    chunks: Any = None,
) -> Array:
    """
    Make an array of evenly spaced numbers within a half-open interval.

    Parameters
    ----------
    start : number
        The first number; `stop`, with 0 as the first, if `stop` is left out.
    stop : number, optional
        Where to stop; it is not in the array.
    step : number, default 1
        From one number to the next.
    dtype : dtype, optional
        The type, by default NumPy's for these numbers.
    device : {"cpu"}, optional
        Where the array lives.
    chunks : int, tuple, dict or str, optional
        The chunks, as in `Array.rechunk`.

    Returns
    -------
    Array
        Lazy: it takes no memory.

    Examples
    --------
    >>> mc.array.arange(2, 10, 3).compute()
    array([2, 5, 8])
    """
    check_device(device)
    if stop is None:
        start, stop = type(start)(0) if isinstance(start, np.timedelta64) else 0, start
    if step is None:
        step = 1
    kind: np.dtype[Any] = _arange_type(start, stop, step, dtype)
    if kind.kind in "mMcb" or not step or not np.isfinite(stop - start) or not np.isfinite(step):
        # What is short as a rule, and what NumPy refuses.
        numbers: Any = np.arange(start, stop, step, dtype)  # type: ignore[call-overload]
        return from_array(numbers, chunks)
    if all(isinstance(each, int | np.integer) for each in (start, stop, step)):
        length = -((int(start) - int(stop)) // int(step))
    else:
        length = math.ceil((stop - start) / step)
    # NumPy goes by the first two numbers, once they have the array's type.
    first = np.array(start if length > 0 else 0, kind)
    second = np.array(start + step if length > 1 else 0, kind)
    shape = (max(length, 0),)
    index = _core.Array.iota(shape, 0, normalize_chunks(chunks, shape, kind))
    with np.errstate(over="ignore"):
        return _wrap(_line(index, first, second - first, kind))


def _arange_type(start: Any, stop: Any, step: Any, dtype: Any) -> Any:
    """Give NumPy's dtype for a range."""
    if dtype is not None:
        return np.dtype(dtype)
    kinds = [np.asarray(number).dtype for number in (start, stop, step)]
    if any(kind.kind in "mMU" for kind in kinds):
        return np.arange(start, stop, step).dtype
    return np.result_type(np.int64, *kinds)


def _line(index: Any, first: Any, delta: Any, dtype: np.dtype[Any]) -> Any:
    """Make the core's expression ``first + index * delta``."""
    kind = np.dtype(np.float32) if dtype == np.float16 else dtype
    start = _core.Array.full((), np.asarray(first, kind))
    slope = _core.Array.full((), np.asarray(delta, kind))
    line = _core.Array.map("multiply", [cast(index, kind), slope], kind)
    return cast(_core.Array.map("add", [line, start], kind), dtype)


def linspace(
    start: Any,
    stop: Any,
    /,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Any = None,
    chunks: Any = None,
) -> Any:
    """
    Make an array of numbers evenly spaced over an interval.

    Parameters
    ----------
    start, stop : array_like
        The interval's ends; they may be arrays, of which each gets an interval of its own.
    num : int, default 50
        How many numbers.
    endpoint : bool, default True
        Whether `stop` is the last of them.
    retstep : bool, default False
        Whether to return the step as well.
    dtype : dtype, optional
        The type; floating point by default.
    axis : int, default 0
        Along which axis the numbers lie, if the ends are arrays.
    device : {"cpu"}, optional
        Where the array lives.
    chunks : int, tuple, dict or str, optional
        The chunks, as in `Array.rechunk`.

    Returns
    -------
    Array
        Lazy; with `retstep` a tuple of it and the step.

    Examples
    --------
    >>> mc.array.linspace(0, 1, 5).compute()
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    check_device(device)
    num = operator.index(num)
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    first, last = np.asarray(start) * 1.0, np.asarray(stop) * 1.0
    kind = np.result_type(first, last, float(num))
    wanted = kind if dtype is None else np.dtype(dtype)
    delta = np.subtract(last, first, dtype=kind)
    intervals = num - 1 if endpoint else num
    step = np.asarray(delta / intervals if intervals > 0 else np.full(delta.shape, np.nan))
    shape = (num, *delta.shape)
    numbers = _wrap(cast(iota(shape, 0, chunks if delta.ndim == 0 else None), _real(kind)))
    if intervals <= 0:
        made = numbers * delta
    elif np.any(step == 0):  # where subnormal numbers are too coarse
        made = numbers / intervals * delta
    else:
        made = numbers * step
    made = made + first
    if endpoint and num > 1:
        from manycore.array._choices import where

        made = where(_wrap(iota(shape, 0)) == num - 1, last, made)
    if np.issubdtype(wanted, np.integer):
        from manycore.array._elementwise import elementwise

        made = elementwise(np.floor, made)
    made = made.astype(wanted)
    if delta.ndim and normalize_axis(axis, made.ndim):
        from manycore.array._manipulation import moveaxis

        made = moveaxis(made, 0, axis)
    if delta.ndim and chunks is not None:
        made = made.rechunk(chunks)
    return (made, step if step.ndim else step[()]) if retstep else made


def _real(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Give the type of a complex number's parts."""
    return np.zeros((), dtype).real.dtype


def logspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    base: Any = 10.0,
    dtype: Any = None,
    axis: int = 0,
    *,
    chunks: Any = None,
) -> Array:
    """
    Make an array of numbers evenly spaced on a logarithmic scale, from ``base**start`` on.

    Examples
    --------
    >>> mc.array.logspace(0, 3, 4).compute()
    array([   1.,   10.,  100., 1000.])
    """
    from manycore.array._elementwise import elementwise

    if np.ndim(base):
        lengths = np.broadcast_shapes(np.shape(start), np.shape(stop), np.shape(base))
        start, stop = np.broadcast_to(start, lengths), np.broadcast_to(stop, lengths)
        base = np.expand_dims(np.broadcast_to(base, lengths), axis)
    exponents = linspace(start, stop, num, endpoint, axis=axis, chunks=chunks)
    made: Array = elementwise(np.power, base, exponents)
    return made if dtype is None else made.astype(dtype)


def geomspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    dtype: Any = None,
    axis: int = 0,
    *,
    chunks: Any = None,
) -> Array:
    """
    Make an array of numbers of which each is the one before times a constant.

    Examples
    --------
    >>> mc.array.geomspace(1, 1000, 4).compute()
    array([   1.,   10.,  100., 1000.])
    """
    first, last = np.asarray(start), np.asarray(stop)
    if np.any(first == 0) or np.any(last == 0):
        raise ValueError("Geometric sequence cannot include zero")
    kind = np.result_type(first, last, float(num), np.zeros((), dtype))
    wanted = kind if dtype is None else np.dtype(dtype)
    first, last = (np.array(end, kind) for end in np.broadcast_arrays(first, last))
    sign = np.sign(first)
    exponents = np.log10(first / sign), np.log10(last / sign)
    made = logspace(*exponents, num, endpoint, dtype=kind, chunks=chunks if not sign.ndim else None)
    from manycore.array._choices import where

    place = _wrap(iota((num, *sign.shape), 0))
    made = where(place == 0, first / sign, made)
    if endpoint and num > 1:
        made = where(place == num - 1, last / sign, made)
    made = made * sign
    if sign.ndim and normalize_axis(axis, made.ndim):
        from manycore.array._manipulation import moveaxis

        made = moveaxis(made, 0, axis)
    if sign.ndim and chunks is not None:
        made = made.rechunk(chunks)
    return made.astype(wanted)
