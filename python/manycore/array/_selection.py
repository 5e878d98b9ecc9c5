"""
Order statistics of all elements of an array, without sorting it.

Numbers become unsigned integers of the same order. The digits of the elements wanted are then found
from the highest to the lowest: each pass counts, in every chunk, the elements that begin with the
digits known so far, by their next digit. So an element of 64 bits takes four passes, nothing but
the counts is held, and the whole is an expression like any other: nothing runs before its time.
"""

from __future__ import annotations

from functools import partial
from math import ceil, log2, prod

import numpy as np

from manycore.array._nodes import blocks, bounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from manycore import _core

    _Numbers = np.ndarray[Any, Any]
    _Ranks = Callable[[int], _Numbers]

# Elements of so many, and of these kinds, are selected from; others are sorted at once.
MANY = 1 << 18
KINDS = "buif"


def select(
    core: _core.Array,
    ranks: _Ranks,
    count: int,
    finish: Callable[[_Numbers, int], _Numbers],
    dtype: np.dtype[Any],
    shape: tuple[int, ...],
) -> _core.Array:
    """
    Find the elements of given ranks, and make a result of them.

    Parameters
    ----------
    core : _core.Array
        Of booleans, integers or floats.
    ranks : callable
        Gives the `count` ranks that are wanted, from 0, for the number of elements that are no NaN.
    count : int
        How many ranks there are.
    finish : callable
        Makes the result, of `dtype` and `shape`, of the elements found and that number.
    dtype, shape
        Of the result.
    """
    kind = core.dtype
    # Fewer bits at a time where there are many tables of counts.
    width = min(8 * kind.itemsize, max(8, min(16, 20 - ceil(log2(max(count, 1))))))
    places = list(bounds(core.chunks))
    low = 8 * kind.itemsize
    state: _core.Array | None = None
    while low > 0:
        low, above = max(low - width, 0), low
        size = 1 << (above - low)
        groups = 1 if state is None else count
        count_digits = partial(_count_digits, kind, low, size, groups)
        inputs, regions = ([core], [places]) if state is None else ([core, state], [places, "all"])
        chunks = ((1,) * len(places), (groups,), (size,))
        counts = blocks(count_digits, inputs, np.int64, chunks, "digits", regions)
        total = counts.reduce("add", [0], np.dtype(np.int64))
        step = partial(_next_digit, ranks, above - low)
        inputs = [total] if state is None else [total, state]
        state = blocks(step, inputs, np.int64, ((3,), (count,)), "digit", ["all"] * len(inputs))
    assert state is not None
    last = partial(_found, kind, finish)
    return blocks(last, [state], dtype, tuple((n,) for n in shape), "select", ["all"])


def worthwhile(core: _core.Array) -> bool:
    """Tell whether to select from a whole array by its digits, not by sorting it."""
    return core.dtype.kind in KINDS and prod(core.numblocks) > 1 and core.size >= MANY


def _keys(kind: np.dtype[Any], block: _Numbers) -> _Numbers:
    """Map numbers to unsigned integers of the same order; NaN is left out."""
    unsigned = np.dtype(f"u{kind.itemsize}")
    flat = block.reshape(-1)
    sign = unsigned.type(1 << (8 * kind.itemsize - 1))
    if kind.kind == "f":
        missing = np.isnan(flat)
        if missing.any():
            flat = flat[~missing]
        signed = np.dtype(f"i{kind.itemsize}")
        flat = np.ascontiguousarray(flat)
        # Negative numbers grow with their bits: all are turned round, else only the sign is.
        turned = (flat.view(signed) >> (8 * kind.itemsize - 1)).view(unsigned)
        turned |= sign
        turned ^= flat.view(unsigned)
        return turned
    keys: _Numbers = np.ascontiguousarray(flat).view(unsigned)
    return keys ^ sign if kind.kind == "i" else keys


def _values(kind: np.dtype[Any], keys: _Numbers) -> _Numbers:
    """Undo `_keys`; the keys are held as int64."""
    unsigned = np.dtype(f"u{kind.itemsize}")
    bits = keys.view(np.uint64).astype(unsigned)
    sign = unsigned.type(1 << (8 * kind.itemsize - 1))
    if kind.kind == "f":
        return np.where(bits & sign, bits ^ sign, ~bits).view(kind)
    return (bits ^ sign if kind.kind == "i" else bits).view(kind)


def _count_digits(
    kind: np.dtype[Any],
    low: int,
    size: int,
    groups: int,
    block: _Numbers,
    state: _Numbers | None = None,
) -> _Numbers:
    """Count the elements of a block by their next digit, for each distinct beginning."""
    keys = _keys(kind, block)
    counts = np.zeros((1, groups, size), np.int64)
    if state is None:
        counts[0, 0] = np.bincount(keys >> keys.dtype.type(low), minlength=size)
        return counts
    starts = keys >> keys.dtype.type(low)
    starts >>= keys.dtype.type(size.bit_length() - 1)
    known = np.unique(state[0].view(np.uint64)).astype(keys.dtype)
    mask = keys.dtype.type(size - 1)
    if len(known) <= 4:
        for group, start in enumerate(known):
            digits = (keys[starts == start] >> keys.dtype.type(low)) & mask
            counts[0, group] = np.bincount(digits, minlength=size)
        return counts
    nearest = np.searchsorted(known, starts)
    nearest[nearest == len(known)] = 0
    wanted = known[nearest] == starts
    digits = (keys[wanted] >> keys.dtype.type(low)) & mask
    cells = nearest[wanted] * size + digits.astype(np.int64)
    counts[0] = np.bincount(cells, minlength=groups * size).reshape(groups, size)
    return counts


def _next_digit(
    ranks: _Ranks, width: int, counts: _Numbers, state: _Numbers | None = None
) -> _Numbers:
    """Add a digit to each beginning: rows of beginnings, ranks among them, and the total count."""
    if state is None:
        total = int(counts.sum())
        wanted = np.clip(ranks(total), 0, max(total - 1, 0)).astype(np.int64)
        starts = np.zeros(len(wanted), np.int64)
        state = np.stack([starts, wanted, np.full(len(wanted), total)])
    starts, wanted, total_row = state
    groups = np.unique(starts.view(np.uint64), return_inverse=True)[1]
    running = np.cumsum(counts, axis=1)
    found = np.empty_like(state)
    found[2] = total_row
    for place, group in enumerate(groups):
        digit = int(np.searchsorted(running[group], wanted[place], side="right"))
        digit = min(digit, running.shape[1] - 1)
        found[0, place] = (starts[place] << width) | digit
        found[1, place] = wanted[place] - (running[group, digit - 1] if digit else 0)
    return found


def _found(
    kind: np.dtype[Any], finish: Callable[[_Numbers, int], _Numbers], state: _Numbers
) -> _Numbers:
    total = int(state[2, 0]) if state.shape[1] else 0
    return finish(_values(kind, state[0]), total)
