"""Bits packed into bytes."""

# mypy: ignore-errors

import numpy as np


def packbits(a, axis=None, bitorder="big"):
    if axis is None:
        return packed(np.asarray(a).ravel(), bitorder)
    moved = np.moveaxis(np.asarray(a), axis, -1)
    result = np.empty((*moved.shape[:-1], (moved.shape[-1] + 7) // 8), np.uint8)
    for place in np.ndindex(moved.shape[:-1]):
        result[place] = packed(moved[place], bitorder)
    return np.moveaxis(result, -1, axis)


def packed(row, bitorder):
    result = np.zeros((row.size + 7) // 8, np.uint8)
    for i in range(row.size):
        bit = i % 8 if bitorder == "little" else 7 - i % 8
        if row[i] != 0:
            result[i // 8] |= np.uint8(1 << bit)
    return result


def unpackbits(a, axis=None, count=None, bitorder="big"):
    if axis is None:
        return unpacked(np.asarray(a).ravel(), count, bitorder)
    moved = np.moveaxis(np.asarray(a), axis, -1)
    every = 8 * moved.shape[-1] if count is None else count
    result = np.empty((*moved.shape[:-1], every), np.uint8)
    for place in np.ndindex(moved.shape[:-1]):
        result[place] = unpacked(moved[place], every, bitorder)
    return np.moveaxis(result, -1, axis)


def unpacked(row, count, bitorder):
    size = 8 * row.size if count is None else count
    if size < 0:
        size += 8 * row.size
        if size < 0:
            raise ValueError("-count larger than number of elements")
    result = np.zeros(size, np.uint8)
    for i in range(min(size, 8 * row.size)):
        bit = i % 8 if bitorder == "little" else 7 - i % 8
        result[i] = row[i // 8] >> np.uint8(bit) & np.uint8(1)
    return result
