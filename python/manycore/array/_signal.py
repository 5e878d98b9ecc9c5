"""Functions of neighbouring elements: differences, slopes, areas, convolutions; polynomials."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap, asarray
from manycore.array._elementwise import elementwise
from manycore.array._nodes import bounds, cast, constant, divided, section
from manycore.array._reductions import sum
from manycore.array._scans import cumsum
from manycore.array._shapes import normalize_axes, normalize_axis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    _Numbers = np.ndarray[Any, Any]

__all__ = [
    "convolve",
    "correlate",
    "diff",
    "gradient",
    "polyval",
    "trapezoid",
    "unwrap",
]


def _between(x: Array, axis: int, start: int, stop: int) -> Array:
    """Slice along one axis."""
    return _wrap(section(x._core, axis, start, stop))


def _joined(parts: list[Array], axis: int) -> Array:
    """Join parts, in the dtype that holds them all."""
    dtype = np.result_type(*(part.dtype for part in parts))
    return _wrap(_core.Array.concatenate([cast(part._core, dtype) for part in parts], axis))


def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Array:
    """
    Subtract from each element the one before it.

    Parameters
    ----------
    a : array_like
        The elements.
    n : int, default 1
        How many times.
    axis : int, default -1
        Along which axis.
    prepend, append : array_like, optional
        What to put before and after the elements first.

    Returns
    -------
    Array
        The differences, `n` fewer along the axis.

    Examples
    --------
    >>> mc.array.diff([1, 2, 4, 7]).compute()
    array([1, 2, 3])
    """
    x = asarray(a)
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n!r}")
    if x.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    if n == 0:
        return x
    place = normalize_axis(axis, x.ndim)
    parts = [*_beside(prepend, x, place), x, *_beside(append, x, place)]
    if len(parts) > 1:
        _same_but_for(parts, place)
        x = _joined(parts, place)
    ufunc = np.not_equal if x.dtype == np.bool_ else np.subtract
    for _ in range(n):
        length = x.shape[place]
        if length == 0:
            like = np.asarray(ufunc(np.zeros(1, x.dtype), np.zeros(1, x.dtype)))
            return _wrap(_core.Array.full(x.shape, np.zeros((), like.dtype)))
        after, before = _between(x, place, 1, length), _between(x, place, 0, length - 1)
        x = elementwise(ufunc, after, before)
    return x


def _beside(given: Any, x: Array, axis: int) -> list[Array]:
    """Give what is put before or after the elements, if anything is; a number is broadcast."""
    if given is None or given is np._NoValue:
        return []
    extra = asarray(given)
    if extra.ndim:
        return [extra]
    return [_wrap(extra._core.broadcast_to((*x.shape[:axis], 1, *x.shape[axis + 1 :])))]


def _same_but_for(parts: list[Array], axis: int) -> None:
    """Refuse arrays that can't be joined along an axis, as NumPy does."""
    # Arrays that take no memory: NumPy judges their shapes.
    like = [np.broadcast_to(np.zeros(()), part.shape) for part in parts]
    for array in like[1:]:
        shapes = [(*one.shape[:axis], 0, *one.shape[axis + 1 :]) for one in (like[0], array)]
        if shapes[0] != shapes[1]:
            np.concatenate([like[0], array], axis)


def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """
    Estimate slopes by second-order differences of neighbours.

    Parameters
    ----------
    f : array_like
        The values.
    *varargs : float or array_like, optional
        The spacing: one for all axes, or for each a number or the coordinates, which are brought
        into memory; 1 by default.
    axis : int or tuple of int, optional
        Along which axes; all by default.
    edge_order : {1, 2}, default 1
        Of the differences at both ends.

    Returns
    -------
    Array or tuple of Array
        The slopes along each axis.

    Examples
    --------
    >>> mc.array.gradient([1, 2, 4, 7, 11]).compute()
    array([1. , 1.5, 2.5, 3.5, 4. ])
    """
    x = asarray(f)
    axes = normalize_axes(axis, x.ndim)
    spacings = _spacings(x, axes, varargs)
    if edge_order > 2:
        raise ValueError("'edge_order' greater than 2 not supported")
    for place in axes:
        if x.shape[place] < edge_order + 1:
            raise ValueError(
                "Shape of array too small to calculate a numerical gradient, "
                "at least (edge_order + 1) elements are required."
            )
    dtype = x.dtype
    if dtype.kind == "M":
        # As spans of time since the epoch, which can be multiplied.
        x = elementwise(np.subtract, x, np.zeros((), dtype))
        dtype = x.dtype
    elif dtype.kind in "iub":
        dtype = np.dtype(np.float64)
        if x.dtype.kind != "b":
            x = _wrap(cast(x._core, dtype))
    slopes = [
        _wrap(cast(_slope(x, place, spacing, edge_order)._core, dtype))
        for place, spacing in zip(axes, spacings, strict=True)
    ]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def _spacings(x: Array, axes: tuple[int, ...], given: tuple[Any, ...]) -> list[Any]:
    """Give the spacing along each axis: a number, or an array of distances."""
    if not given:
        return [1.0] * len(axes)
    values = [np.asarray(each) if isinstance(each, Array) else each for each in given]
    if len(values) == 1 and np.ndim(values[0]) == 0:
        return values * len(axes)
    if len(values) != len(axes):
        raise TypeError("invalid number of arguments")
    spacings = []
    for place, value in zip(axes, values, strict=True):
        places = np.asarray(value)
        if places.ndim == 0:
            spacings.append(value)
            continue
        if places.ndim != 1:
            raise ValueError("distances must be either scalars or 1d")
        if len(places) != x.shape[place]:
            raise ValueError(
                "when 1d, distances must match the length of the corresponding dimension"
            )
        if places.dtype.kind in "iu":
            places = places.astype(np.float64)
        steps = np.diff(places)
        spacings.append(steps[0] if (steps == steps[0]).all() else steps)
    return spacings


def _slope(x: Array, axis: int, spacing: Any, edge_order: int) -> Array:
    """Estimate the slopes along one axis."""
    length = x.shape[axis]
    even = np.ndim(spacing) == 0
    first, last = (spacing, spacing) if even else (spacing[0], spacing[-1])

    def at(place: int) -> Array:
        return _between(x, axis, place, place + 1)

    before, here, after = (_between(x, axis, i, max(length - 2 + i, i)) for i in range(3))
    if even:
        inner: Any = (after - before) / (2.0 * spacing)
    else:
        steps, following = spacing[:-1], spacing[1:]
        weights = (
            -following / (steps * (steps + following)),
            (following - steps) / (steps * following),
            steps / (following * (steps + following)),
        )
        shape = [1] * x.ndim
        shape[axis] = -1
        a, b, c = (weight.reshape(shape) for weight in weights)
        inner = a * before + b * here + c * after
    if edge_order == 1:
        start = (at(1) - at(0)) / first
        end = (at(length - 1) - at(length - 2)) / last
    else:
        second, previous = (spacing, spacing) if even else (spacing[1], spacing[-2])
        start = _edge(at(0), at(1), at(2), first, second, even)
        end = _edge(at(length - 1), at(length - 2), at(length - 3), -last, -previous, even)
    return _joined([start, inner, end], axis)


def _edge(f0: Array, f1: Array, f2: Array, h1: Any, h2: Any, even: bool) -> Any:
    """Estimate the slope at an end from three values, `h1` and `h2` apart."""
    if even:
        return f0 * (-1.5 / h1) + f1 * (2.0 / h1) + f2 * (-0.5 / h1)
    a = -(2.0 * h1 + h2) / (h1 * (h1 + h2))
    b = (h1 + h2) / (h1 * h2)
    c = -h1 / (h2 * (h1 + h2))
    return f0 * a + f1 * b + f2 * c


def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    """
    Integrate by the trapezoidal rule.

    Parameters
    ----------
    y : array_like
        The values.
    x : array_like, optional
        Where they are; evenly spaced by default.
    dx : float, default 1.0
        How far apart, without `x`.
    axis : int, default -1
        Along which axis.

    Returns
    -------
    Array
        The areas.

    Examples
    --------
    >>> mc.array.trapezoid([1, 2, 3], dx=2).compute()
    np.float64(8.0)
    """
    values = asarray(y)
    place = normalize_axis(axis, values.ndim)
    width: Any = dx
    if x is not None:
        places = asarray(x)
        width = diff(places, axis=-1 if places.ndim == 1 else axis)
        if places.ndim == 1:
            order: list[int | None] = [None] * values.ndim
            order[place] = 0
            width = _wrap(width._core.axes(order))
    length = values.shape[place]
    upper = _between(values, place, min(1, length), length)
    lower = _between(values, place, 0, max(length - 1, 0))
    return sum(width * (upper + lower) / 2.0, place)


def unwrap(
    p: Any, discont: float | None = None, axis: int = -1, *, period: float = 2 * math.pi
) -> Array:
    """
    Add multiples of a period, so that no element is further than half of it from the one before.

    Parameters
    ----------
    p : array_like
        The elements, such as angles.
    discont : float, optional
        Which jumps count; at least half of the period, which is the default.
    axis : int, default -1
        Along which axis.
    period : float, default 2 π
        The period.

    Returns
    -------
    Array
        The elements without jumps.

    Examples
    --------
    >>> mc.array.unwrap([0, 1, 2, -1, 0], period=4).compute()
    array([0, 1, 2, 3, 4])
    """
    x = asarray(p)
    place = normalize_axis(axis, x.ndim)
    step = diff(x, axis=place)
    jump = period / 2 if discont is None else discont
    dtype = np.result_type(step.dtype, period)
    if dtype.kind in "iu":
        high, rest = divmod(period, 2)
        ambiguous = rest == 0
    else:
        high, ambiguous = period / 2, True
    folded = elementwise(np.mod, step - -high, period) + -high
    if ambiguous:
        up = elementwise(np.logical_and, folded == -high, step > 0)
        folded = _where(up, high, folded)
    correction = folded - step
    small = elementwise(np.less, elementwise(np.abs, step), jump)
    correction = _where(small, 0, correction)
    length = x.shape[place]
    start = _wrap(cast(_between(x, place, 0, min(1, length))._core, dtype))
    rest = _between(x, place, min(1, length), length) + cumsum(correction, place)
    return _joined([start, _wrap(cast(rest._core, dtype))], place)


def _where(mask: Array, value: float, other: Array) -> Array:
    dtype = other.dtype
    return _wrap(_core.Array.map("where", [mask._core, constant(value, dtype), other._core], dtype))


def polyval(p: Any, x: Any) -> Array:
    """
    Evaluate a polynomial.

    Parameters
    ----------
    p : array_like
        Its coefficients, that of the highest power first.
    x : array_like
        Where to evaluate it.

    Returns
    -------
    Array
        The values.

    Examples
    --------
    >>> mc.array.polyval([3, 0, 1], [5, 2]).compute()
    array([76, 13])
    """
    coefficients, value = asarray(p)._core, asarray(x)
    if coefficients.ndim != 1:
        raise ValueError("the coefficients of a polynomial must be along one axis")
    result = _wrap(_core.Array.full(value.shape, np.zeros((), value.dtype)))
    for number in range(coefficients.size):
        coefficient = _wrap(section(coefficients, 0, number, number + 1).axes([]))
        result = result * value + coefficient
    return result


def convolve(a: Any, v: Any, mode: str = "full") -> Array:
    """
    Convolve two sequences.

    Each chunk of the longer one is convolved with the shorter one, which is in one piece of memory.

    Parameters
    ----------
    a, v : array_like
        The sequences.
    mode : {"full", "same", "valid"}, default "full"
        Whether all is wanted, as much as the longer one has, or what no end has a part in.

    Returns
    -------
    Array
        Their convolution.

    Examples
    --------
    >>> mc.array.convolve([1, 2, 3], [0, 1, 0.5]).compute()
    array([0. , 1. , 2.5, 4. , 1.5])
    """
    cores = [_sequence(each, True) for each in (a, v)]
    ones = [np.ones(1, core.dtype) for core in cores]
    for name, core in zip("av", cores, strict=True):
        if core.size == 0:
            raise ValueError(f"{name} cannot be empty")
    dtype = np.convolve(ones[0], ones[1], mode).dtype  # type: ignore[call-overload]
    if cores[1].size > cores[0].size:
        cores.reverse()
    more, fewer = (core.size for core in cores)
    start, length = _part(mode, more, fewer, (fewer - 1) // 2)
    return _convolved(cores[0], cores[1], start, length, dtype)


def correlate(a: Any, v: Any, mode: str = "valid") -> Array:
    """
    Correlate two sequences: sum products of the one and the other, conjugated, at each lag.

    Parameters
    ----------
    a, v : array_like
        The sequences.
    mode : {"valid", "same", "full"}, default "valid"
        As in `convolve`.

    Returns
    -------
    Array
        Their correlation.

    Examples
    --------
    >>> mc.array.correlate([1, 2, 3], [0, 1, 0.5], "full").compute()
    array([0.5, 2. , 3.5, 3. , 0. ])
    """
    first, second = (_sequence(each, False) for each in (a, v))
    ones = [np.ones(1, core.dtype) for core in (first, second)]
    if first.size == 0 or second.size == 0:
        np.correlate(np.empty(first.size), np.empty(second.size))
    dtype = np.correlate(ones[0], ones[1], mode).dtype  # type: ignore[call-overload]
    if second.dtype.kind == "c":
        second = _core.Array.map("conjugate", [second], second.dtype)
    n, m = first.size, second.size
    second = section(second, 0, m - 1, -1, -1)
    middle = (m - 1) // 2 if n >= m else n - 1 - (n - 1) // 2
    start, length = _part(mode, max(n, m), min(n, m), middle)
    pair = (first, second) if n >= m else (second, first)
    return _convolved(*pair, start, length, dtype)


def _sequence(value: Any, scalars: bool) -> _core.Array:
    """Give a sequence, of one axis."""
    core: _core.Array = asarray(value)._core
    if core.ndim == 0 and scalars:
        return core.axes([None])
    if core.ndim != 1:
        depth = "too deep" if core.ndim else "of too small depth"
        raise ValueError(f"object {depth} for desired array")
    return core


def _part(mode: str, more: int, fewer: int, middle: int) -> tuple[int, int]:
    """Say which part of a full convolution a mode wants: where it starts, and its length."""
    if mode == "full":
        return 0, more + fewer - 1
    if mode == "same":
        return middle, more
    return fewer - 1, more - fewer + 1


def _convolved(
    core: _core.Array, kernel: _core.Array, start: int, length: int, dtype: np.dtype[Any]
) -> Array:
    """Compute a part of the full convolution, chunk by chunk."""
    width = kernel.size
    # Not much shorter than the kernel, as each chunk looks at so many elements beside it.
    chunks = (divided(length, max(max(core.chunks[0]), width)),)
    regions = []
    offsets = []
    for ((first, last),) in bounds(chunks):
        begin = max(start + first - width + 1, 0)
        regions.append(((begin, min(start + last, core.size)),))
        offsets.append((start + first - begin, last - first))
    call = partial(_convolve, offsets, dtype)
    places = [regions, "all"]
    return _wrap(
        _core.Array.blocks(call, [core, kernel], places, [(dtype, chunks)], "convolve", index=True)[
            0
        ]
    )


def _convolve(
    offsets: list[tuple[int, int]],
    dtype: np.dtype[Any],
    block: _Numbers,
    kernel: _Numbers,
    index: tuple[int, ...],
) -> _Numbers:
    skipped, length = offsets[index[0]]
    full = np.convolve(block, kernel)
    return full[skipped : skipped + length].astype(dtype, copy=False)
