"""
Takes the salt out of a picture with a median filter.

Each block gets the pixels around it as well (``map_overlap``), so blocks leave no seams.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import manycore as mc


def median(block: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Give each pixel the median of the 3 x 3 around it."""
    padded = np.pad(block, 1, mode="edge")
    rows, columns = block.shape
    shifted = [padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
    return np.median(shifted, axis=0)


def main() -> None:
    """Salt a picture, filter it, and compare it with what it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=4000)
    side = parser.parse_args().side

    i, j = mc.array.meshgrid(mc.array.arange(side), mc.array.arange(side), indexing="ij")
    picture = mc.array.sin(i / 50) + mc.array.cos(j / 70)
    salt = mc.random.default_rng(0).random((side, side)) < 0.02
    salted = mc.array.where(salt, 9.0, picture)

    filtered = salted.map_overlap(median, depth=1, boundary="nearest")
    before = (abs(salted - picture) > 0.1).mean()
    after = (abs(filtered - picture) > 0.1).mean()
    before, after = mc.array.compute(before, after)

    assert abs(before - 0.02) < 0.005, before
    # Five of nine pixels have to be salt: 126 x 0.02 ** 5 of all, and a few more at the border.
    assert after < 1e-4, after
    print(f"{side} x {side} pixels: {before:.2%} wrong before, {after:.5%} after")


if __name__ == "__main__":
    main()
