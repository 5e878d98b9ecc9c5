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
from manycore.array._nodes import blocks, offsets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    _Numbers = np.ndarray[Any, Any]

# Axes of so many elements, in several chunks, are sorted by samples; others are made whole.
LONG = 1 << 21

# Elements of the sample for each chunk: chunks of the result then differ by a quarter or so.
_SAMPLE = 256


def sample_sort(core: _core.Array) -> _core.Array:
    """Sort along the only axis."""
    sizes, lengths, regions = _plan(core)
    runs = blocks(np.sort, [core.rechunk((sizes,))], core.dtype, (sizes,), "sort")
    return blocks(_merge, [runs] * len(sizes), core.dtype, (lengths,), "merge", regions)


def sample_argsort(core: _core.Array) -> tuple[_core.Array, _core.Array]:
    """Sort along the only axis, stably, and say where the elements stood."""
    sizes, lengths, regions = _plan(core)
    given = [core.rechunk((sizes,)), _core.Array.iota(core.shape, 0).rechunk((sizes,))]
    outputs = [(each.dtype, (sizes,)) for each in given]
    runs = _core.Array.blocks(_sort_both, given, ["same"] * 2, outputs, "argsort")
    inputs = [run for run in runs for _ in sizes]
    outputs = [(each.dtype, (lengths,)) for each in given]
    values, places = _core.Array.blocks(_merge_both, inputs, regions * 2, outputs, "merge")
    return values, places


def _plan(core: _core.Array) -> tuple[tuple[int, ...], tuple[int, ...], list[Any]]:
    """Give the chunks to sort, those of the result, and which parts of the ones make the others."""
    sizes = tuple(size for size in core.chunks[0] if size)
    splits = _splits(core.rechunk((sizes,)), sizes)
    totals = splits.sum(axis=0)
    kept = np.flatnonzero(np.diff(totals))
    regions = [
        [((start + int(row[j]), start + int(row[j + 1])),) for j in kept]
        for start, row in zip(offsets(sizes), splits, strict=False)
    ]
    return sizes, tuple(np.diff(totals)[kept].tolist()), regions


def _splits(core: _core.Array, sizes: tuple[int, ...]) -> _Numbers:
    """Say where each sorted chunk is cut: a row for each, from 0 to its length."""
    count = len(sizes)
    picks = np.random.default_rng(0).integers(core.size, size=_SAMPLE * count)
    sample = np.sort(_core.compute_arrays([core.take(np.sort(picks), 0)])[0])
    splitters = sample[np.arange(1, count) * _SAMPLE]
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


def _sort_both(block: _Numbers, index: _Numbers) -> tuple[_Numbers, _Numbers]:
    order = np.argsort(block, kind="stable")
    return block[order], index[order]


def _merge(*pieces: _Numbers) -> _Numbers:
    return np.sort(np.concatenate(pieces))


def _merge_both(*pieces: _Numbers) -> tuple[_Numbers, _Numbers]:
    half = len(pieces) // 2
    return _sort_both(np.concatenate(pieces[:half]), np.concatenate(pieces[half:]))
