"""
The shapes of the blocks that products, decompositions and transforms work on.

A task holds its inputs and its output at one time, so it gets a share of the memory budget. Chunks
that are there already are joined or split, never shifted: what crosses a chunk's border is read, or
decompressed, twice.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from itertools import accumulate, pairwise, product

from manycore import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    Range = tuple[int, int]
    Chunks = tuple[tuple[int, ...], ...]

# The most that a task needs, however large the memory is.
_MOST_BYTES = 256 << 20
# The least: smaller ones take longer to begin than to do.
_LEAST_BYTES = 1 << 18
# Tasks that hold data at one time, or whose results wait: for each worker.
_SHARES = 8


def workers() -> int:
    """Count the tasks that run at one time."""
    count: int = _core.configuration()[1]
    return count


def limits() -> tuple[int, int]:
    """Say how many bytes the input and the output of a task may have, and how many tasks run."""
    _, count, memory, _ = _core.configuration()
    share = _MOST_BYTES if memory is None else memory // (_SHARES * count)
    return max(min(share, _MOST_BYTES), _LEAST_BYTES), count


def task_bytes() -> int:
    """Say how many bytes the inputs and the output of one task may have together."""
    return limits()[0]


def sum_bytes() -> int:
    """Say how many bytes what tasks add to may have, for each task that runs at one time."""
    _, count, memory, _ = _core.configuration()
    return _MOST_BYTES if memory is None else max(memory // (4 * count), _LEAST_BYTES)


def split_evenly(length: int, most: int) -> tuple[int, ...]:
    """
    Split an axis into as few parts as can be, which differ by one at most.

    Examples
    --------
    >>> split_evenly(10, 4)
    (4, 3, 3)
    """
    parts = max(-(-length // max(most, 1)), 1)
    short, longer = divmod(length, parts)
    return (short + 1,) * longer + (short,) * (parts - longer)


def split_sizes(length: int, size: int) -> tuple[int, ...]:
    """
    Split an axis into parts of a size, and the rest.

    Examples
    --------
    >>> split_sizes(10, 4)
    (4, 4, 2)
    """
    whole, rest = divmod(length, size)
    return (size,) * whole + ((rest,) if rest else ())


def regroup(sizes: Sequence[int], most: int) -> tuple[int, ...]:
    """
    Join neighbouring chunks, and split long ones, so that none is longer than ``most``.

    Chunks that are small beside ``most`` are joined to parts of about the same length, which may be
    longer by one of them.

    Examples
    --------
    >>> regroup((2, 2, 2, 9), 5)
    (4, 2, 5, 4)
    >>> regroup((1,) * 21, 10)
    (7, 7, 7)
    """
    total = sum(sizes)
    if total <= most:
        return (total,)
    if 8 * max(sizes) <= most:
        bounds = [0, *accumulate(sizes)]
        count = -(-total // most)
        cuts = [bounds[bisect_left(bounds, total * part // count)] for part in range(count + 1)]
        return tuple(stop - start for start, stop in pairwise(cuts))
    parts: list[int] = []
    gathered = 0
    for size in sizes:
        if gathered and gathered + size > most:
            parts.append(gathered)
            gathered = 0
        if size > most:
            parts += split_evenly(size, most)
        else:
            gathered += size
    return (*parts, gathered) if gathered else tuple(parts)


def cut_evenly(chunks: Chunks, least: int) -> Chunks:
    """
    Cut the first axis finer, if there are fewer chunks than ``least``.

    Examples
    --------
    >>> cut_evenly(((6,), (2, 2)), 4)
    ((3, 3), (2, 2))
    """
    if not chunks:
        return chunks
    pieces = -(-least // max(math.prod(map(len, chunks)), 1))
    first = [part for size in chunks[0] for part in split_evenly(size, -(-size // pieces))]
    return (tuple(first), *chunks[1:])


def regroup_axes(chunks: Sequence[Sequence[int]], most: int) -> Chunks:
    """Regroup several axes, so that no block has more elements; the first are cut first."""
    parts: list[tuple[int, ...]] = []
    for sizes in reversed(chunks):
        parts.append(regroup(sizes, max(most, 1)))
        most //= max(*parts[-1], 1)
    return tuple(reversed(parts))


def ranges(sizes: Sequence[int]) -> list[Range]:
    """Give where each chunk of an axis starts and stops."""
    bounds = [0]
    for size in sizes:
        bounds.append(bounds[-1] + size)
    return list(pairwise(bounds))


def boxes(chunks: Sequence[Sequence[int]]) -> Iterator[tuple[Range, ...]]:
    """Give the box of each chunk, in C order."""
    return product(*map(ranges, chunks))


def whole(shape: Sequence[int]) -> Chunks:
    """Make one chunk of everything."""
    return tuple((length,) for length in shape)


def part(core: Any, box: Sequence[Range]) -> Any:
    """Take a box of an expression."""
    return core.slice([(start, 1, stop - start) for start, stop in box])


def stack_chunks(core: Any, axes: int, factor: int = 4) -> Chunks:
    """
    Choose chunks of the leading axes, where the last ``axes`` are needed whole.

    Parameters
    ----------
    core : _core.Array
        What is read.
    axes : int
        How many of the last axes stay whole.
    factor : int
        How much a task needs for each byte of its input.
    """
    leading = core.ndim - axes
    item = max(math.prod(core.shape[leading:]) * core.dtype.itemsize, 1)
    count = math.prod(core.shape[:leading])
    most = min(task_bytes() // (factor * item), -(-count // (4 * workers())))
    # Tiny matrices go by many: a task should have some ten thousand elements.
    least = (1 << 17) // item
    return regroup_axes(core.chunks[:leading], max(most, least, 1))
