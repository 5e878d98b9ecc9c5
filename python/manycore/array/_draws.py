"""
Random numbers block by block.

What an element is depends on the key of its draw and its place in the array only, so blocks are
told where they begin. NumPy checks the parameters: it has the conditions and the words for them.
"""

from __future__ import annotations

import functools
import itertools

import numpy as np

from manycore import _core
from manycore.array._array import Array, _wrap
from manycore.array._shapes import normalize_chunks, normalize_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    _Shape = tuple[int, ...]
    _Chunks = tuple[tuple[int, ...], ...]
    # The state of a generator, and the number of the draw.
    _Key = tuple[tuple[int, int, int, int], int]

__all__: list[str] = []

# Draws nothing that anybody sees: it raises NumPy's errors.
CHECKER = np.random.Generator(np.random.PCG64(0))

_PLAIN = frozenset({int, float})

# Enough numbers that a block's own costs don't show, and few enough to stay in a cache.
_CHUNK = "8 MiB"


class Grid:
    """The blocks of an array that is to be drawn."""

    def __init__(self, shape: _Shape, chunks: Any, dtype: Any) -> None:
        self.shape = shape
        # None leaves them to the core, where it is the core that draws.
        self.asked = normalize_chunks(chunks, shape, dtype)
        self.chunks = self.asked or normalize_chunks(_CHUNK, shape, dtype) or ()
        self._starts = [list(itertools.accumulate(sizes, initial=0)) for sizes in self.chunks]

    def start(self, index: Sequence[int]) -> list[int]:
        """Find where a block begins."""
        return [starts[at] for starts, at in zip(self._starts, index, strict=True)]

    def lengths(self, index: Sequence[int]) -> _Shape:
        """Find the shape of a block."""
        return tuple(sizes[at] for sizes, at in zip(self.chunks, index, strict=True))

    def regions(self, shape: _Shape) -> list[tuple[tuple[int, int], ...]]:
        """For each block, find the part of an array that is broadcast to ours."""
        axes = []
        for length, starts in zip(shape, self._starts[len(self.shape) - len(shape) :], strict=True):
            ranges = itertools.pairwise(starts)
            axes.append([(0, 1) for _ in ranges] if length == 1 else list(ranges))
        new = [
            [None] * (len(starts) - 1) for starts in self._starts[: len(self.shape) - len(shape)]
        ]
        places = itertools.product(*new, *axes)
        return [place[len(new) :] for place in places]  # type: ignore[misc]


def broadcast_shape(size: Any, parameters: Sequence[Any]) -> _Shape:
    """Find the shape of a draw with parameters that may be arrays."""
    shape = np.broadcast_shapes(*(np.shape(value) for value in parameters))
    if size is None:
        return shape
    wanted = normalize_shape(size)
    if shape and np.broadcast_shapes(wanted, shape) != wanted:
        raise ValueError(
            f"Output size {wanted} is not compatible with broadcast dimensions of inputs {shape}."
        )
    return wanted


def draw(
    name: str,
    given: tuple[Any, ...],
    size: Any,
    chunks: Any,
    key: _Key,
    dtype: Any = np.float64,
) -> Array:
    """
    Draw from the distribution of that name.

    Parameters
    ----------
    name : str
        NumPy's name, without "standard_".
    given : tuple
        The parameters as users gave them: numbers, what NumPy can make an array of, or arrays.
    size, chunks : object
        As users gave them.
    key : tuple
        What the numbers depend on.
    dtype : dtype
        Of the result.
    """
    if all(type(value) in _PLAIN for value in given):
        _check_numbers(name, given)
        shape = () if size is None else normalize_shape(size)
        plain = normalize_chunks(chunks, shape, dtype)
        return _draw_all_alike(name, given, shape, plain, key, dtype)
    parameters = [value if isinstance(value, Array) else np.asarray(value) for value in given]
    is_lazy = any(isinstance(value, Array) for value in parameters)
    if not is_lazy:
        _check(name, given)
    grid = Grid(broadcast_shape(size, parameters), chunks, dtype)
    arrays = [value for value in parameters if np.ndim(value) or isinstance(value, Array)]
    if not arrays:
        values = [float(value) for value in parameters]
        return _draw_all_alike(name, values, grid.shape, grid.asked, key, dtype)
    convert = _CONVERTED.get(name)

    def block(*arguments: Any) -> Any:
        *blocks, index = arguments
        shape = grid.lengths(index)
        given_here = iter(blocks)
        values = [
            next(given_here) if np.ndim(value) or isinstance(value, Array) else value
            for value in parameters
        ]
        if is_lazy:
            _check(name, values)
        if convert is not None:
            values = convert(*values)
        numbers = [
            np.full(1, value, np.float64)
            if not np.ndim(value)
            else np.ascontiguousarray(np.broadcast_to(value, shape), np.float64)
            for value in values
        ]
        out = np.empty(shape, dtype)
        _core.random_numbers(name, numbers, key, grid.shape, grid.start(index), np.atleast_1d(out))
        return out

    return blocks(block, arrays, grid, dtype, name)


def _draw_all_alike(
    name: str, values: Sequence[Any], shape: _Shape, chunks: _Chunks | None, key: _Key, dtype: Any
) -> Array:
    """Draw with the same parameters for all: whoever reads the numbers makes them."""
    convert = _CONVERTED.get(name)
    if convert is not None:
        values = convert(*values)
    return _wrap(_core.Array.random(name, values, key, np.dtype(dtype), shape, chunks))


def blocks(
    function: Callable[..., Any], inputs: Sequence[Any], grid: Grid, dtype: Any, name: str
) -> Array:
    """Make an array of blocks; each input is broadcast to it."""
    cores = [
        value._core if isinstance(value, Array) else _core.Array.from_numpy(value)
        for value in inputs
    ]
    regions = [grid.regions(core.shape) for core in cores]
    outputs = [(np.dtype(dtype), grid.chunks)]
    return _wrap(_core.Array.blocks(function, cores, regions, outputs, name, index=True)[0])


# What the core takes for NumPy's parameters, where it takes something else.
_CONVERTED: dict[str, Callable[..., list[Any]]] = {
    "uniform": lambda low, high: [low, high - low],
}


@functools.lru_cache(1024)
def _check_numbers(name: str, parameters: tuple[float, ...]) -> None:
    """Check parameters, which are the same ones in most draws of a program."""
    _check(name, parameters)


def _check(name: str, parameters: Sequence[Any]) -> None:
    """Raise NumPy's error for parameters that the distribution doesn't have."""
    if parameters:
        shape = np.broadcast_shapes(*(np.shape(value) for value in parameters))
        getattr(CHECKER, name)(*parameters, size=(0, *shape))


def words(values: Any) -> np.ndarray[Any, Any]:
    """Make 64-bit words of integers of any kind; negative ones as two's complement."""
    array = np.asarray(values)
    if array.dtype.kind in "ib":
        return np.asarray(array, np.int64).view(np.uint64)
    if array.dtype.kind == "u":
        return np.asarray(array, np.uint64)
    plain = [int(value) & 0xFFFF_FFFF_FFFF_FFFF for value in array.ravel().tolist()]
    return np.array(plain, np.uint64).reshape(array.shape)


def draw_integers(
    low: Any, high: Any, size: Any, dtype: Any, endpoint: bool, chunks: Any, key: _Key
) -> Array:
    """Draw integers from ``low`` up to ``high``, or up to the one below it."""
    if high is None:
        low, high = 0, low
    CHECKER.integers(low, high, dtype=dtype, endpoint=endpoint)
    dtype = np.dtype(dtype)
    grid = Grid(broadcast_shape(size, (low, high)), chunks, dtype)
    first = words(low)
    spread = words(high) - first - np.asarray(not endpoint, np.uint64)
    memory = np.dtype(np.uint8) if dtype.kind == "b" else dtype
    arrays = [value for value in (first, spread) if value.ndim]
    if not arrays:
        bounds = int(first), int(spread)
        core = _core.Array.random_integers(*bounds, key, dtype, grid.shape, grid.asked)
        return _wrap(core)

    def block(*arguments: Any) -> Any:
        *given, index = arguments
        shape = grid.lengths(index)
        given_here = iter(given)
        low_here, spread_here = (
            np.ascontiguousarray(np.broadcast_to(next(given_here), shape))
            if value.ndim
            else value.reshape(1)
            for value in (first, spread)
        )
        out = np.empty(shape, memory)
        place = grid.shape, grid.start(index)
        _core.random_integers(low_here, spread_here, key, *place, np.atleast_1d(out))
        return out.view(dtype)

    return blocks(block, arrays, grid, dtype, "integers")


def permutation(length: int, key: _Key) -> np.ndarray[Any, Any]:
    """Draw an order of the numbers below ``length``."""
    out = np.empty(length, np.int64)
    _core.random_permutation(key, out)
    return out


def rows(
    name: str,
    fill: Callable[..., None],
    inputs: Sequence[Any],
    shape: _Shape,
    width: int,
    chunks: Any,
    dtype: Any,
) -> Array:
    """
    Draw vectors, which are never split, as the last axis.

    Parameters
    ----------
    name : str
        What the array is called.
    fill : callable
        Fills a block: ``fill(*inputs, shape, starts, out)``.
    inputs : sequence of numpy.ndarray
        What is broadcast to the result.
    shape : tuple of int
        The shape of the result without the last axis.
    width : int
        The length of the last axis.
    chunks : object
        As users gave them, of all axes or of all but the last.
    dtype : dtype
        Of the elements.
    """
    whole = (*shape, width)
    if chunks is None:
        rows_of_chunk = max((1 << 20) // max(width, 1), 1)
        limit = f"{rows_of_chunk * 8} B"
        chunks = normalize_chunks(limit, shape, np.float64) or ()
    elif not isinstance(chunks, tuple) or len(chunks) != len(shape):
        chunks = (normalize_chunks(chunks, whole, dtype) or tuple((n,) for n in whole))[:-1]
    grid = Grid(whole, (*chunks, -1), dtype)

    def block(*arguments: Any) -> Any:
        *given, index = arguments
        out = np.empty(grid.lengths(index), dtype)
        fill(*given, shape, grid.start(index)[:-1], out)
        return out

    return blocks(block, inputs, grid, dtype, name)
