"""
Order statistics of all elements of an array, without sorting it.

Numbers become unsigned integers of the same order. The digits of the elements wanted are then found
from the highest to the lowest: each pass counts, in every chunk, the elements that begin with the
digits known so far, by their next digit. So an element of 64 bits takes four passes, nothing but
the counts is held, and the whole is an expression like any other: nothing runs before its time.
"""

from __future__ import annotations

import sys
from functools import cache, partial
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

# The bits that are counted first.
_FIRST = 16


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
    places = list(bounds(core.chunks))
    bits = 8 * kind.itemsize
    first = min(bits, _FIRST)
    # Fewer bits at a time where there are many tables of counts.
    width = max(8, 17 - max(ceil(log2(max(count, 1))), 1))
    state: _core.Array | None = None
    low = bits
    inputs: list[_core.Array]
    regions: list[Any]
    while low > 0:
        above = low
        low = max(low - (width if state else first), 0)
        size = 1 << (above - low)
        if state is None:
            count_digits = partial(_count_first, kind)
            inputs, regions = [core], [places]
        else:
            count_digits = partial(_count_digits, kind, low, size, count)
            inputs, regions = [core, state], [places, "all"]
        chunks = ((1,) * len(places), (count if state else 1,), (size,))
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


def _keys(kind: np.dtype[Any], flat: _Numbers) -> _Numbers:
    """Map numbers to unsigned integers of the same order."""
    unsigned = np.dtype(f"u{kind.itemsize}")
    bits = flat.view(unsigned)
    sign = unsigned.type(1 << (8 * kind.itemsize - 1))
    if kind.kind == "f":
        # Negative numbers grow with their bits: all are turned round, else only the sign is.
        return np.where(bits & sign, ~bits, bits | sign)
    return bits ^ sign if kind.kind == "i" else bits


def _values(kind: np.dtype[Any], keys: _Numbers) -> _Numbers:
    """Undo `_keys`; the keys are held as int64."""
    unsigned = np.dtype(f"u{kind.itemsize}")
    bits = keys.view(np.uint64).astype(unsigned)
    sign = unsigned.type(1 << (8 * kind.itemsize - 1))
    if kind.kind == "f":
        return np.where(bits & sign, bits ^ sign, ~bits).view(kind)
    return (bits ^ sign if kind.kind == "i" else bits).view(kind)


def _first_digits(kind: np.dtype[Any], flat: _Numbers) -> _Numbers:
    """Give the first 16 bits of numbers as they are in memory (or 8, of one byte)."""
    if kind.itemsize == 1:
        return flat.view(np.uint8)
    words = kind.itemsize // 2
    return flat.view(np.uint16)[words - 1 if sys.byteorder == "little" else 0 :: words]


@cache
def _first_order(kind: np.dtype[Any]) -> _Numbers:
    """Give the order of what `_first_digits` gives."""
    width = min(8 * kind.itemsize, _FIRST)
    digits = np.arange(1 << width)
    sign = 1 << (width - 1)
    if kind.kind == "f":
        return np.where(digits & sign, digits ^ (2 * sign - 1), digits | sign)
    return digits ^ sign if kind.kind == "i" else digits


@cache
def _first_places(kind: np.dtype[Any]) -> _Numbers:
    """Undo `_first_order`."""
    return np.argsort(_first_order(kind))


def _numbers(kind: np.dtype[Any], block: _Numbers) -> _Numbers:
    """Give the elements along one axis, without NaN."""
    flat = np.ascontiguousarray(block).reshape(-1)
    if kind.kind == "f":
        missing = np.isnan(flat)
        if missing.any():
            flat = flat[~missing]
    return flat


def _count_first(kind: np.dtype[Any], block: _Numbers) -> _Numbers:
    """Count the elements of a block by their first digit."""
    order = _first_order(kind)
    digits = _first_digits(kind, _numbers(kind, block))
    counts = np.empty((1, 1, len(order)), np.int64)
    counts[0, 0, order] = np.bincount(digits.astype(np.intp), minlength=len(order))
    return counts


def _count_digits(
    kind: np.dtype[Any], low: int, size: int, groups: int, block: _Numbers, state: _Numbers
) -> _Numbers:
    """Count the elements of a block by their next digit, for each distinct beginning."""
    width = size.bit_length() - 1
    known = np.unique(state[0].view(np.uint64))
    flat = np.ascontiguousarray(block).reshape(-1)
    # Few have one of the first digits that are wanted; the others go without further ado.
    shift = 8 * kind.itemsize - low - width - min(8 * kind.itemsize, _FIRST)
    first = np.unique(known >> np.uint64(shift)).astype(np.int64)
    digits = _first_digits(kind, flat)
    raw = _first_places(kind)[first]
    if len(raw) == 1:
        wanted = digits == raw[0]
    else:
        table = np.zeros(1 << min(8 * kind.itemsize, _FIRST), bool)
        table[raw] = True
        wanted = table.take(digits)
    keys = _keys(kind, _numbers(kind, flat.compress(wanted)))
    starts = keys >> keys.dtype.type(low + width)
    known = known.astype(keys.dtype)
    nearest = np.searchsorted(known, starts)
    nearest[nearest == len(known)] = 0
    found = known[nearest] == starts
    next_digits = (keys[found] >> keys.dtype.type(low)) & keys.dtype.type(size - 1)
    cells = nearest[found] * size + next_digits.astype(np.int64)
    return np.bincount(cells, minlength=groups * size).reshape(1, groups, size)


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
