"""Axes, shapes and chunks as users give them, made plain."""

from __future__ import annotations

import operator
from itertools import accumulate, pairwise, product

import numpy as np
from numpy.exceptions import AxisError

from manycore._sizes import parse_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    _Shape = tuple[int, ...]
    _Chunks = tuple[tuple[int, ...], ...]


def normalize_axis(axis: Any, ndim: int, name: str | None = None) -> int:
    """Count an axis from the first one; NumPy's error if there is none such."""
    index = operator.index(axis)
    if not -ndim <= index < ndim:
        raise AxisError(index, ndim, name)
    return index % ndim


def normalize_axes(
    axis: Any, ndim: int, name: str | None = None, allow_duplicate: bool = False
) -> tuple[int, ...]:
    """Count axes from the first one: one, several, or all where ``axis`` is None."""
    if axis is None:
        return tuple(range(ndim))
    given = axis if isinstance(axis, tuple | list) else (axis,)
    axes = tuple(normalize_axis(each, ndim, name) for each in given)
    if not allow_duplicate and len(set(axes)) != len(axes):
        raise ValueError(f"repeated axis in `{name}` argument" if name else "repeated axis")
    return axes


def normalize_shape(shape: Any) -> _Shape:
    """Make a tuple of a length or of several."""
    lengths: _Shape
    try:
        lengths = (operator.index(shape),)
    except TypeError:
        lengths = tuple(operator.index(length) for length in shape)
    if any(length < 0 for length in lengths):
        raise ValueError("negative dimensions are not allowed")
    return lengths


def split(length: int, size: int) -> tuple[int, ...]:
    """Split an axis into chunks of a size; the last may be shorter."""
    if length == 0:
        return (0,)
    if size < 1:
        raise ValueError(f"a chunk must have at least 1 element along an axis, not {size}")
    whole, rest = divmod(length, size)
    return (size,) * whole + ((rest,) if rest else ())


def normalize_chunks(chunks: Any, shape: _Shape, dtype: Any = float) -> _Chunks | None:
    """
    Make chunks as users give them plain; None means that the core chooses.

    Parameters
    ----------
    chunks : int, str, tuple, dict or None
        One length for all axes; for each axis a length, the lengths of its chunks, ``-1`` or None
        for one chunk, or ``"auto"``; a dictionary of such by axis; ``"auto"``; or the bytes of a
        chunk, such as ``"64 MiB"``.
    shape : tuple of int
        The array's shape.
    dtype : dtype
        The array's type, for bytes.

    Returns
    -------
    tuple of tuples of int, or None
        The lengths of the chunks along each axis.
    """
    if chunks is None or chunks == "auto":
        return None
    ndim = len(shape)
    limit = None
    if isinstance(chunks, str):
        limit = parse_bytes(chunks)
        chunks = ("auto",) * ndim
    elif isinstance(chunks, dict):
        given = {normalize_axis(axis, ndim): value for axis, value in chunks.items()}
        chunks = tuple(given.get(axis, "auto") for axis in range(ndim))
    elif isinstance(chunks, int | np.integer):
        chunks = (chunks,) * ndim
    else:
        chunks = tuple(chunks)
        if ndim == 1 and len(chunks) != 1 and all(isinstance(size, int) for size in chunks):
            chunks = (chunks,)  # the lengths of the chunks of the only axis
    if len(chunks) != ndim:
        raise ValueError(
            f"chunks {chunks!r} are for {len(chunks)} axes, and the shape {shape} has {ndim}"
        )
    plain = [_axis_chunks(size, length) for size, length in zip(chunks, shape, strict=True)]
    if None in plain:
        bytes_left = limit if limit is not None else 1 << 26
        return _fill(plain, shape, max(bytes_left // max(np.dtype(dtype).itemsize, 1), 1))
    return tuple(lengths for lengths in plain if lengths is not None)


def sized_chunks(chunks: Any, shape: _Shape, dtype: Any) -> _Chunks:
    """Make chunks plain, and choose those that are left to us: of 64 MiB."""
    plain = normalize_chunks(chunks, shape, dtype)
    if plain is None:
        plain = normalize_chunks("64 MiB", shape, dtype)
        assert plain is not None
    return plain


def _axis_chunks(size: Any, length: int) -> tuple[int, ...] | None:
    """Make the chunks of one axis plain; None for "auto"."""
    if size == "auto":
        return None
    if size is None or size == -1:
        return (length,)
    if isinstance(size, tuple | list):
        lengths = tuple(operator.index(each) for each in size)
        if sum(lengths) != length or any(each < 0 for each in lengths):
            raise ValueError(f"chunks {lengths} do not add up to the axis's length {length}")
        return lengths
    return split(length, operator.index(size))


def _fill(plain: Sequence[tuple[int, ...] | None], shape: _Shape, elements: int) -> _Chunks:
    """Choose the axes that are left to us, so that no chunk has more than so many elements."""
    for lengths in plain:
        if lengths is not None:
            elements //= max(*lengths, 1)
    result = list(plain)
    # The last axes whole, as rows lie together in memory.
    for axis in reversed(range(len(shape))):
        if result[axis] is None:
            size = min(max(elements, 1), max(shape[axis], 1))
            result[axis] = split(shape[axis], size)
            elements //= size
    return tuple(lengths for lengths in result if lengths is not None)


def blocks_of(chunks: _Chunks) -> Iterator[tuple[tuple[int, ...], tuple[tuple[int, int], ...]]]:
    """Go through a grid of chunks: each one's index, and its start and stop along each axis."""
    ends = [tuple(pairwise(accumulate(lengths, initial=0))) for lengths in chunks]
    for index in product(*(range(len(lengths)) for lengths in chunks)):
        yield index, tuple(axis[place] for axis, place in zip(ends, index, strict=True))


def whole_axes(core: Any, axes: Sequence[int], limit: int = 32 << 20) -> _Chunks:
    """
    Choose chunks that are whole along some axes, and along the others no larger than they are.

    Parameters
    ----------
    core : core array
        The expression.
    axes : sequence of int
        The axes that each chunk takes whole.
    limit : int
        Bytes that a chunk should not exceed.

    Returns
    -------
    tuple of tuples of int
        The lengths of the chunks along each axis.
    """
    chunks = list(core.chunks)
    for axis in axes:
        chunks[axis] = (core.shape[axis],)
    longest = [max(lengths, default=1) for lengths in chunks]
    size = core.dtype.itemsize
    for length in longest:
        size *= max(length, 1)
    # The first axes are cut first, as rows lie together in memory.
    for axis in range(len(chunks)):
        if size <= limit:
            break
        if axis in axes or longest[axis] <= 1:
            continue
        piece = max(longest[axis] * limit // size, 1)
        size = size // longest[axis] * piece
        cut = [part for length in chunks[axis] for part in split(length, piece)]
        chunks[axis] = tuple(cut)
    return tuple(chunks)
