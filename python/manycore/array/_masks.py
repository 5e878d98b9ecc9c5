"""What is true in a mask: counted and selected band by band."""

from __future__ import annotations

import math

import numpy as np

from manycore import _core
from manycore.array import _array
from manycore.array._array import Array, _wrap_later
from manycore.array._elementwise import cast
from manycore.array._shapes import (
    blocks_of,
    split,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


__all__ = [
    "argwhere",
    "flatnonzero",
    "nonzero",
]


# Bytes of a band of an array, from which a mask selects.
_BAND = 128 << 20


def bands_of(core: Any, ndim: int) -> tuple[tuple[tuple[int, int], ...], ...] | None:
    """
    Cut an array into bands of rows, which follow each other in C order; None if rows are too long.

    Returns
    -------
    tuple of tuples of pairs of int
        Start and stop of each band along the first `ndim` axes, of which the first alone is cut.
    """
    shape = core.shape
    row = math.prod(shape[1:]) * core.dtype.itemsize
    if row > _BAND:
        return None
    most = max(_BAND // max(row, 1), 1)
    lengths: list[int] = []
    for length in core.chunks[0]:
        lengths.extend(split(length, most))
    rest = tuple((0, length) for length in shape[1:ndim])
    return tuple((box[0], *rest) for _, box in blocks_of((tuple(lengths),)))


def counts_of(mask: Any, bands: Sequence[tuple[tuple[int, int], ...]]) -> list[int]:
    """Count, at once, what a mask selects in each band."""

    def count(block: Any) -> Any:
        return np.array([np.count_nonzero(block)], np.int64)

    chunks = ((1,) * len(bands),)
    regions = [band[: mask.ndim] for band in bands]
    (counts,) = _core.Array.blocks(
        count, [mask], [regions], [(np.dtype(np.int64), chunks)], "count"
    )
    found: list[int] = _core.compute_arrays([counts])[0].tolist()
    return found


def by_bands(
    function: Callable[..., Any],
    inputs: list[Any],
    mask: Any,
    outputs: Sequence[tuple[Any, tuple[int, ...]]],
    name: str,
) -> list[Any]:
    """
    Make arrays, one below the other, of what a function gives for each band of some inputs.

    The last of the inputs is the mask that tells how long each piece is. Outputs are dtypes, with
    the lengths of the axes that follow the first one. The function's last argument is the first
    row of its band.
    """
    reference = max(inputs, key=lambda core: core.ndim * core.dtype.itemsize)
    bands = bands_of(reference, reference.ndim)
    if bands is None:  # rows are too long: cut the row itself
        raise MemoryError(
            f"a row of shape {reference.shape[1:]} is more than {_BAND >> 20} MiB: "
            "select from the raveled array and mask, or transpose first"
        )
    kept = [
        (band, count) for band, count in zip(bands, counts_of(mask, bands), strict=True) if count
    ]
    if not kept:
        return [_core.Array.full((0, *rest), np.zeros((), kind)) for kind, rest in outputs]
    starts = [band[0][0] for band, _ in kept]
    lengths = tuple(count for _, count in kept)
    declared = [(kind, (lengths, *((size,) for size in rest))) for kind, rest in outputs]
    regions = [[band[: core.ndim] for band, _ in kept] for core in inputs]

    def block(*given: Any) -> Any:
        return function(*given[:-1], starts[given[-1][0]])

    made: list[Any] = _core.Array.blocks(block, inputs, regions, declared, name, index=True)
    return made


def masked(core: Any, mask: Any) -> Any:
    """Select the elements, or what lies along the last axes, where a mask is true."""
    if core.ndim == mask.ndim > 1 and bands_of(core, 1) is None:
        core, mask = core.reshape((core.size,)), mask.reshape((mask.size,))

    def select(block: Any, where: Any, _: int) -> Any:
        return block[where]

    rest = core.shape[mask.ndim :]
    return by_bands(select, [core, mask], mask, [(core.dtype, rest)], "mask")[0]


def nonzero(a: Any, /) -> tuple[Array, ...]:
    """
    Give the indices of elements that aren't zero, along each axis.

    They are counted when the shape of one of the results is first asked for.

    Examples
    --------
    >>> (places,) = mc.array.nonzero([3, 0, 4])
    >>> places.compute()
    array([0, 2])
    """
    given = _array.asarray(a)
    if not given.ndim:
        raise ValueError(
            "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() "
            "instead. If the context of this error is of the form `arr[nonzero(cond)]`, just use "
            "`arr[cond]`."
        )
    integer = np.dtype(np.int64)
    found: list[Any] = []

    def make() -> list[Any]:
        if not found:
            mask = truth(given)

            def places(block: Any, row: int) -> Any:
                first, *rest = block.nonzero()
                return (first + row, *rest) if rest else first + row

            found.extend(by_bands(places, [mask], mask, [(integer, ())] * given.ndim, "nonzero"))
        return found

    def along(axis: int) -> Array:
        return _wrap_later(lambda: make()[axis], integer, 1)

    return tuple(along(axis) for axis in range(given.ndim))


def truth(array: Array) -> Any:
    """Make the expression of whether elements are true."""
    core = array._core
    return core if core.dtype == np.bool_ else cast(core, np.dtype(bool))


def argwhere(a: Any) -> Array:
    """
    Give the indices of elements that aren't zero, one below the other.

    Examples
    --------
    >>> mc.array.argwhere([[3, 0], [0, 4]]).compute()
    array([[0, 0],
           [1, 1]])
    """
    given = _array.asarray(a)
    count = given.ndim
    integer = np.dtype(np.int64)
    if not count:
        return _wrap_later(lambda: _core.Array.full((int(bool(given)), 0), np.array(0)), integer, 2)

    def places(block: Any, row: int) -> Any:
        found = np.argwhere(block)
        found[:, 0] += row
        return found

    def make() -> Any:
        mask = truth(given)
        return by_bands(places, [mask], mask, [(integer, (count,))], "argwhere")[0]

    return _wrap_later(make, integer, 2)


def flatnonzero(a: Any) -> Array:
    """
    Give the indices, in the flattened array, of elements that aren't zero.

    Examples
    --------
    >>> mc.array.flatnonzero([[3, 0], [0, 4]]).compute()
    array([0, 3])
    """
    return nonzero(_array.asarray(a).ravel())[0]
