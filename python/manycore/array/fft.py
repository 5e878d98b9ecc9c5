"""
Discrete Fourier transforms.

The array API standard's extension and NumPy's names, dtypes and norms. An axis is transformed
whole, in blocks over the other axes; a vector of one axis is one task.

Examples
--------
>>> x = mc.array.asarray([1.0, 0.0, 0.0, 0.0])
>>> mc.array.fft.fft(x).compute()
array([1.+0.j, 1.+0.j, 1.+0.j, 1.+0.j])
"""

from __future__ import annotations

import math
import operator
import warnings
from functools import lru_cache, partial

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from manycore import _core
from manycore.array import _tiles
from manycore.array._array import _wrap, asarray
from manycore.array._elementwise import _write, cast, elementwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from manycore.array._array import Array

__all__ = [
    "fft",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
]

# A task's input, output, and what a transform of an axis that is not the last one copies.
_FACTOR = 4
_NORMS = (None, "backward", "ortho", "forward")
_SWAPPED = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


@lru_cache(256)
def _result_dtype(name: str, dtype: np.dtype[Any], axes: int = 1) -> np.dtype[Any]:
    """Find what NumPy's transform makes of a type; its error for those that have none."""
    return getattr(np.fft, name)(np.ones((2,) * axes, dtype)).dtype  # type: ignore[no-any-return]


def _transformed(name: str, core: Any, axis: int, n: int, length: int, norm: str | None) -> Any:
    """Transform an axis of which ``n`` elements are read, into ``length`` of them."""
    dtype = _result_dtype(name, core.dtype)
    if core.shape[axis] > n:
        core = core.slice(
            [(0, 1, n if place == axis else size) for place, size in enumerate(core.shape)]
        )
    function = partial(getattr(np.fft, name), axis=axis, norm=norm)
    if name == "irfft":
        function = partial(function, n=length)
    elif core.shape[axis] < n:
        function = partial(function, n=n)
    return _along(function, core, (axis,), {axis: length}, dtype, name)


def _along(
    function: Callable[..., Any],
    core: Any,
    axes: Sequence[int],
    lengths: dict[int, int],
    dtype: np.dtype[Any],
    name: str,
) -> Any:
    """Call a function for blocks that have some axes whole, and give them other lengths."""
    others = [axis for axis in range(core.ndim) if axis not in axes]
    longest = max(
        math.prod(core.shape[axis] for axis in axes) * core.dtype.itemsize,
        math.prod(lengths[axis] for axis in axes) * dtype.itemsize,
        1,
    )
    count = math.prod(core.shape[axis] for axis in others)
    fair = max(-(-count // (4 * _tiles.workers())), (1 << 17) // longest)
    most = min(_tiles.task_bytes() // (_FACTOR * longest), fair)
    parts = dict(
        zip(others, _tiles.regroup_axes([core.chunks[axis] for axis in others], most), strict=True)
    )
    read = [parts.get(axis, (size,)) for axis, size in enumerate(core.shape)]
    made = tuple(parts.get(axis, (lengths.get(axis, 0),)) for axis in range(core.ndim))
    regions = list(_tiles.boxes(read))
    (result,) = _core.Array.blocks(function, [core], [regions], [(dtype, made)], name)
    return result


def _check(n: int, norm: Any) -> int:
    n = operator.index(n)
    if n < 1:
        raise ValueError(f"Invalid number of FFT data points ({n}) specified.")
    if norm not in _NORMS:
        raise ValueError(f'Invalid norm value {norm}; should be "backward","ortho" or "forward".')
    return n


def _one(name: str, a: Any, n: Any, axis: int, norm: Any, out: Any = None) -> Any:
    """Transform along one axis."""
    core = asarray(a)._core
    place = normalize_axis_index(operator.index(axis), core.ndim)
    size = core.shape[place]
    if name == "irfft":
        length = _check((size - 1) * 2 if n is None else n, norm)
        core = _transformed(name, core, place, length // 2 + 1, length, norm)
    else:
        read = _check(size if n is None else n, norm)
        length = read // 2 + 1 if name == "rfft" else read
        core = _transformed(name, core, place, read, length, norm)
    return _wrap(core) if out is None else _write(None, core, out)


def fft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """
    Transform along one axis.

    Parameters
    ----------
    a : array_like
        The array; it may be complex.
    n : int, optional
        How many elements of the axis are transformed: the axis is cut, or filled up with zeros.
    axis : int, default -1
        Which axis.
    norm : {None, "backward", "ortho", "forward"}, optional
        What is divided by the length, or its square root: see `numpy.fft`.
    out : Array or numpy.ndarray, optional
        What gets the result.

    Returns
    -------
    Array
        Complex; complex64 for float32.

    Raises
    ------
    ValueError
        If `n` is less than 1, or there is no such norm.
    numpy.exceptions.AxisError
        If there is no such axis.

    Examples
    --------
    >>> mc.array.fft.fft([1.0, 2.0]).compute()
    array([ 3.+0.j, -1.+0.j])
    """
    return _one("fft", a, n, axis, norm, out)


def ifft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """
    Take back `fft`.

    Parameters
    ----------
    a, n, axis, norm, out
        As in `fft`.

    Returns
    -------
    Array
        Complex.

    Examples
    --------
    >>> mc.array.fft.ifft([3.0, -1.0]).compute()
    array([1.+0.j, 2.+0.j])
    """
    return _one("ifft", a, n, axis, norm, out)


def rfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """
    Transform real elements along one axis; the other half would be the same, conjugated.

    Parameters
    ----------
    a, n, axis, norm, out
        As in `fft`.

    Returns
    -------
    Array
        Complex, of ``n // 2 + 1`` elements along the axis.

    Examples
    --------
    >>> mc.array.fft.rfft([1.0, 2.0, 3.0]).shape
    (2,)
    """
    return _one("rfft", a, n, axis, norm, out)


def irfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """
    Take back `rfft`.

    Parameters
    ----------
    a, axis, norm, out
        As in `fft`.
    n : int, optional
        The length of the result along the axis; by default twice that of `a`, less 2.

    Returns
    -------
    Array
        Real.

    Examples
    --------
    >>> mc.array.fft.irfft([3.0, -1.0]).compute()
    array([1., 2.])
    """
    return _one("irfft", a, n, axis, norm, out)


def hfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """
    Transform what is the same backwards, conjugated; the result is real.

    Parameters
    ----------
    a, axis, norm, out
        As in `fft`.
    n : int, optional
        The length of the result along the axis; by default twice that of `a`, less 2.

    Returns
    -------
    Array
        Real.

    Examples
    --------
    >>> mc.array.fft.hfft([1.0, 2.0]).compute()
    array([ 3., -1.])
    """
    return _one("irfft", elementwise(np.conjugate, a), n, axis, _swapped(norm), out)


def ihfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """
    Take back `hfft`.

    Parameters
    ----------
    a, n, axis, norm, out
        As in `fft`.

    Returns
    -------
    Array
        Complex, of ``n // 2 + 1`` elements along the axis.

    Examples
    --------
    >>> mc.array.fft.ihfft([3.0, -1.0]).compute()
    array([1.-0.j, 2.-0.j])
    """
    result = elementwise(np.conjugate, _one("rfft", a, n, axis, _swapped(norm)))
    return result if out is None else _write(None, result._core, out)


def _swapped(norm: Any) -> Any:
    if norm not in _NORMS:
        raise ValueError(f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".')
    return _SWAPPED[norm]


# ---------------------------------------------------------------- several axes


def _lengths_and_axes(
    core: Any, s: Any, axes: Any, *, to_real: bool = False
) -> tuple[list[int], list[int]]:
    """Bring lengths and axes of a transform of several axes together, as NumPy does."""
    if s is None:
        chosen = list(range(core.ndim)) if axes is None else list(axes)
        places = [normalize_axis_index(operator.index(axis), core.ndim) for axis in chosen]
        lengths = [core.shape[place] for place in places]
        if to_real and lengths:
            lengths[-1] = (lengths[-1] - 1) * 2
        return lengths, places
    lengths = list(s)
    if axes is None:
        warnings.warn(
            "`axes` should not be `None` if `s` is not `None` (Deprecated in NumPy 2.0)",
            DeprecationWarning,
            stacklevel=4,
        )
        axes = range(-len(lengths), 0)
    if len(lengths) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    places = [normalize_axis_index(operator.index(axis), core.ndim) for axis in axes]
    return [
        core.shape[place] if length == -1 else operator.index(length)
        for length, place in zip(lengths, places, strict=True)
    ], places


def _several(name: str, a: Any, s: Any, axes: Any, norm: Any, out: Any) -> Any:
    """Transform along several axes: at once where blocks have room for them, else one by one."""
    core = asarray(a)._core
    lengths, places = _lengths_and_axes(core, s, axes, to_real=name == "irfftn")
    for length in lengths:
        _check(length, norm)
    if not places:
        if "r" in name:
            raise IndexError("list index out of range")
        return _wrap(core)
    if norm not in _NORMS:
        _check(1, norm)
    if len(set(places)) == len(places) and _have_room(core, places, lengths):
        core = _at_once(name, core, places, lengths, norm)
    else:
        core = _one_by_one(name, core, places, lengths, norm)
    return _wrap(core) if out is None else _write(None, core, out)


def _have_room(core: Any, places: Sequence[int], lengths: Sequence[int]) -> bool:
    """Whether a task can hold a block with these axes whole, and there are several such blocks."""
    item = max(16, core.dtype.itemsize)
    bytes_of_one = (
        _FACTOR * max(math.prod(lengths), math.prod(core.shape[p] for p in places)) * item
    )
    others = math.prod(size for axis, size in enumerate(core.shape) if axis not in places)
    is_parallel = others >= 4 * _tiles.workers() or bytes_of_one <= _FACTOR << 20
    return bool(is_parallel and bytes_of_one <= _tiles.task_bytes())


def _at_once(name: str, core: Any, places: Sequence[int], lengths: Sequence[int], norm: Any) -> Any:
    function = partial(getattr(np.fft, name), s=tuple(lengths), axes=tuple(places), norm=norm)
    dtype = _result_dtype(name, core.dtype, min(len(places), 2))
    made = dict(zip(places, lengths, strict=True))
    if name == "rfftn":
        made[places[-1]] = lengths[-1] // 2 + 1
    return _along(function, core, places, made, dtype, name)


def _one_by_one(
    name: str, core: Any, places: Sequence[int], lengths: Sequence[int], norm: Any
) -> Any:
    pairs = list(zip(places, lengths, strict=True))
    if name == "irfftn":
        for place, length in pairs[:-1]:
            core = _transformed("ifft", core, place, length, length, norm)
        place, length = pairs[-1]
        return _transformed("irfft", core, place, length // 2 + 1, length, norm)
    if name == "rfftn":
        place, length = pairs.pop()
        core = _transformed("rfft", core, place, length, length // 2 + 1, norm)
    single = "ifft" if name == "ifftn" else "fft"
    for place, length in reversed(pairs):
        core = _transformed(single, core, place, length, length, norm)
    return core


def fftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """
    Transform along several axes.

    Parameters
    ----------
    a : array_like
        The array; it may be complex.
    s : sequence of int, optional
        How many elements of each axis are transformed, -1 for all.
    axes : sequence of int, optional
        Which axes; all by default.
    norm : {None, "backward", "ortho", "forward"}, optional
        As in `fft`.
    out : Array or numpy.ndarray, optional
        What gets the result.

    Returns
    -------
    Array
        Complex.

    Raises
    ------
    ValueError
        If a length is less than 1, `s` and `axes` differ in length, or there is no such norm.

    Examples
    --------
    >>> mc.array.fft.fftn([[1.0, 0.0], [0.0, 0.0]]).compute()
    array([[1.+0.j, 1.+0.j],
           [1.+0.j, 1.+0.j]])
    """
    return _several("fftn", a, s, axes, norm, out)


def ifftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """
    Take back `fftn`.

    Parameters
    ----------
    a, s, axes, norm, out
        As in `fftn`.

    Returns
    -------
    Array
        Complex.

    Examples
    --------
    >>> mc.array.fft.ifftn([[4.0, 0.0], [0.0, 0.0]]).compute()
    array([[1.+0.j, 1.+0.j],
           [1.+0.j, 1.+0.j]])
    """
    return _several("ifftn", a, s, axes, norm, out)


def rfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """
    Transform real elements along several axes; of the last one, half.

    Parameters
    ----------
    a, s, axes, norm, out
        As in `fftn`.

    Returns
    -------
    Array
        Complex.

    Examples
    --------
    >>> mc.array.fft.rfftn(mc.array.ones((4, 4))).shape
    (4, 3)
    """
    return _several("rfftn", a, s, axes, norm, out)


def irfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """
    Take back `rfftn`.

    Parameters
    ----------
    a, axes, norm, out
        As in `fftn`.
    s : sequence of int, optional
        The lengths of the result; that of the last axis by default twice that of `a`, less 2.

    Returns
    -------
    Array
        Real.

    Examples
    --------
    >>> mc.array.fft.irfftn(mc.array.ones((4, 3))).shape
    (4, 4)
    """
    return _several("irfftn", a, s, axes, norm, out)


def fft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    """
    Transform along two axes, the last ones by default: see `fftn`.

    Parameters
    ----------
    a, s, axes, norm, out
        As in `fftn`.

    Returns
    -------
    Array
        Complex.

    Examples
    --------
    >>> mc.array.fft.fft2(mc.array.ones((2, 4, 4))).shape
    (2, 4, 4)
    """
    return _several("fftn", a, s, axes, norm, out)


def ifft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    """
    Take back `fft2`: see `ifftn`.

    Parameters
    ----------
    a, s, axes, norm, out
        As in `fftn`.

    Returns
    -------
    Array
        Complex.

    Examples
    --------
    >>> mc.array.fft.ifft2(mc.array.ones((2, 4, 4))).shape
    (2, 4, 4)
    """
    return _several("ifftn", a, s, axes, norm, out)


def rfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    """
    Transform real elements along two axes: see `rfftn`.

    Parameters
    ----------
    a, s, axes, norm, out
        As in `fftn`.

    Returns
    -------
    Array
        Complex.

    Examples
    --------
    >>> mc.array.fft.rfft2(mc.array.ones((2, 4, 4))).shape
    (2, 4, 3)
    """
    return _several("rfftn", a, s, axes, norm, out)


def irfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    """
    Take back `rfft2`: see `irfftn`.

    Parameters
    ----------
    a, s, axes, norm, out
        As in `irfftn`.

    Returns
    -------
    Array
        Real.

    Examples
    --------
    >>> mc.array.fft.irfft2(mc.array.ones((2, 4, 3))).shape
    (2, 4, 4)
    """
    return _several("irfftn", a, s, axes, norm, out)


# ---------------------------------------------------------------- frequencies


def fftfreq(n: int, d: float = 1.0, *, dtype: Any = None, device: Any = None) -> Array:
    """
    Say which frequency each element of `fft` is of.

    Parameters
    ----------
    n : int
        How many samples were transformed.
    d : float, default 1.0
        The distance from one sample to the next.
    dtype : dtype, optional
        A real type; float64 by default.
    device : {None, "cpu"}, optional
        Where: there is one device.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If `n` is no integer.

    Examples
    --------
    >>> mc.array.fft.fftfreq(4).compute()
    array([ 0.  ,  0.25, -0.5 , -0.25])
    """
    count = _samples(n, device)
    numbers = _core.Array.iota((count,), 0)
    half = _constant((count - 1) // 2)
    beyond = _core.Array.map("greater", [numbers, half], np.dtype(bool))
    below = _core.Array.map("subtract", [numbers, _constant(count)], numbers.dtype)
    numbers = _core.Array.map("where", [beyond, below, numbers], numbers.dtype)
    return _frequencies(numbers, count, d, dtype)


def rfftfreq(n: int, d: float = 1.0, *, dtype: Any = None, device: Any = None) -> Array:
    """
    Say which frequency each element of `rfft` is of.

    Parameters
    ----------
    n, d, dtype, device
        As in `fftfreq`.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If `n` is no integer.

    Examples
    --------
    >>> mc.array.fft.rfftfreq(4).compute()
    array([0.  , 0.25, 0.5 ])
    """
    count = _samples(n, device)
    return _frequencies(_core.Array.iota((count // 2 + 1,), 0), count, d, dtype)


def _samples(n: Any, device: Any) -> int:
    if device not in (None, "cpu"):
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')
    try:
        return operator.index(n)
    except TypeError:
        raise ValueError("n should be an integer") from None


def _constant(number: int) -> Any:
    return _core.Array.full((), np.array(number, np.int64))


def _frequencies(numbers: Any, count: int, d: float, dtype: Any) -> Array:
    made = elementwise(np.multiply, _wrap(numbers), 1.0 / (count * d))
    return made if dtype is None else _wrap(cast(made._core, np.dtype(dtype)))


def fftshift(x: Any, axes: Any = None) -> Array:
    """
    Put the frequency 0 into the middle.

    Parameters
    ----------
    x : array_like
        As of `fft`.
    axes : int or sequence of int, optional
        Which axes; all by default.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.fft.fftshift([0, 1, -2, -1]).compute()
    array([-2, -1,  0,  1])
    """
    return _rolled(x, axes, lambda size: size // 2)


def ifftshift(x: Any, axes: Any = None) -> Array:
    """
    Take back `fftshift`.

    Parameters
    ----------
    x : array_like
        As of `fftshift`.
    axes : int or sequence of int, optional
        Which axes; all by default.

    Returns
    -------
    Array

    Examples
    --------
    >>> mc.array.fft.ifftshift([-2, -1, 0, 1]).compute()
    array([ 0,  1, -2, -1])
    """
    return _rolled(x, axes, lambda size: -(size // 2))


def _rolled(x: Any, axes: Any, shift: Callable[[int], int]) -> Array:
    """Put the last elements of axes in front."""
    core = asarray(x)._core
    if axes is None:
        axes = range(core.ndim)
    for axis in (axes,) if isinstance(axes, int) else axes:
        place = normalize_axis_index(operator.index(axis), core.ndim)
        size = core.shape[place]
        cut = size - shift(size) % size if size else 0
        if 0 < cut < size:
            box = [(0, length) for length in core.shape]
            box[place] = (cut, size)
            last = _tiles.part(core, box)
            box[place] = (0, cut)
            core = _core.Array.concatenate([last, _tiles.part(core, box)], place)
    return _wrap(core)
