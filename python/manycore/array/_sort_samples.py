"""
The sorting of one long axis: a sample sort.

A sample tells where to cut the sorted result into chunks of about equal size, and one pass over the
array counts how many elements of each chunk come before each cut. From then on all sizes are known:
every chunk is sorted by itself, and every chunk of the result merges its share of each. Equal
elements can be cut anywhere, so they may be as many as they like; they keep their order.

The counting runs when the shape of the result is first asked for, or when it is computed.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from manycore import _core
from manycore.array._nodes import blocks, divided, offsets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    _Numbers = np.ndarray[Any, Any]

# Axes of so many elements, in several chunks, are sorted by samples; others are made whole.
LONG = 1 << 21

# Chunks are of so many bytes, or of more where there would be more than so many: each is cut
# into shares for all.
_CHUNK = 1 << 24
_MOST_CHUNKS = 256

# Elements of the sample for each chunk: chunks of the result then differ by a quarter or so.
_SAMPLE = 256


def sample_sort(core: _core.Array) -> _core.Array:
    """Sort along the only axis."""
    return _sorted([core])[0]


def sample_argsort(core: _core.Array) -> tuple[_core.Array, _core.Array]:
    """Sort along the only axis, stably, and say where the elements stood."""
    values, places = _sorted([core, _core.Array.iota(core.shape, 0)])
    return values, places


def _sorted(given: list[_core.Array]) -> list[_core.Array]:
    """Sort by the first array, and put another one in the same order, if there is one."""
    sizes = _sizes(given)
    given = [each.rechunk((sizes,)) for each in given]
    splits = _splits(given[0], sizes)
    splits = splits[:, np.append(True, np.diff(splits.sum(axis=0)) > 0)]
    # Each chunk is sorted and cut. What goes into one chunk of the result is an array by itself, so
    # that no more of the chunks need be in memory when it is merged.
    shares = [tuple(column) for column in np.diff(splits, axis=1).T.tolist()]
    outputs = [(each.dtype, (share,)) for each in given for share in shares]
    cut = partial(_sort_and_cut, splits)
    pieces = _core.Array.blocks(cut, given, ["same"] * len(given), outputs, "sort", index=True)
    count = len(shares)
    results: list[list[_core.Array]] = [[] for _ in given]
    for number, share in enumerate(shares):
        parts = pieces[number::count]
        merged = [(part.dtype, ((sum(share),),)) for part in parts]
        made = _core.Array.blocks(_merge, parts, ["all"] * len(parts), merged, "merge")
        for result, each in zip(results, made, strict=True):
            result.append(each)
    return [_core.Array.concatenate(each, 0) for each in results]


def _sizes(given: list[_core.Array]) -> tuple[int, ...]:
    """Choose chunks: a task has one, and the sorted one, beside those of other tasks."""
    length = given[0].size
    element = sum(each.dtype.itemsize for each in given)
    _, workers, memory, _ = _core.configuration()
    size = max(_CHUNK, length * element // _MOST_CHUNKS)
    if memory is not None:
        size = min(size, memory // (8 * workers))
    own = tuple(each for each in given[0].chunks[0] if each)
    if len(own) <= _MOST_CHUNKS and max(own) * element <= size:
        return own
    return divided(length, size // element)


def _splits(core: _core.Array, sizes: tuple[int, ...]) -> _Numbers:
    """Say where each sorted chunk is cut: a row for each, from 0 to its length."""
    count = len(sizes)
    # Evenly spaced, as a slice is read from where it is; a step of an odd length is less likely to
    # meet the same phase of what comes in periods.
    step = max(core.size // (_SAMPLE * count), 1) | 1
    sample = np.sort(_core.compute_arrays([core.slice([(0, step, -(-core.size // step))])])[0])
    splitters = sample[np.arange(1, count) * len(sample) // count]
    counts_of = partial(_count, splitters)
    chunks = ((1,) * count, (2,), (count - 1,))
    regions = [((start, start + size),) for start, size in zip(offsets(sizes), sizes, strict=False)]
    counts = blocks(counts_of, [core], np.int64, chunks, "count", [regions])
    less, up_to = np.moveaxis(_core.compute_arrays([counts])[0], 1, 0)
    # Elements equal to a splitter go to either side of it, as an even cut asks for, in their order.
    ideal = np.arange(1, count) * core.size // count
    cuts = np.clip(ideal, less.sum(axis=0), up_to.sum(axis=0))
    equal = up_to - less
    before = np.cumsum(equal, axis=0) - equal
    share = np.clip(cuts - less.sum(axis=0) - before, 0, equal)
    ends = np.array(sizes)[:, None]
    return np.concatenate([np.zeros_like(ends), less + share, ends], axis=1)


def _count(splitters: _Numbers, block: _Numbers) -> _Numbers:
    """Count the elements of a chunk that are less than each splitter, and that are no greater."""
    run = np.sort(block)
    sides = [np.searchsorted(run, splitters, side) for side in ("left", "right")]
    return np.stack(sides)[None]


def _sort_and_cut(splits: _Numbers, *given: Any) -> Any:
    """Sort a chunk, and cut it into the shares of the chunks of the result."""
    *blocks_given, (number,) = given
    ordered = _merge(*blocks_given)
    parts = ordered if isinstance(ordered, tuple) else (ordered,)
    cuts = splits[number, 1:-1]
    shares = [share for part in parts for share in np.split(part, cuts)]
    return tuple(shares) if len(shares) > 1 else shares[0]


def _merge(values: _Numbers, *places: _Numbers) -> Any:
    """Sort elements, and the places where they stood, if these are given."""
    if not places:
        return np.sort(values)
    order = np.argsort(values, kind="stable")
    return values[order], places[0][order]
