"""
Lets a plate cool down: the heat equation in two dimensions.

Blocks take several steps at a time. With as many pixels around them as steps they need not hear of
each other in between, so the plate is read and written once for all of these steps.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import manycore as mc

STEPS_AT_A_TIME = 8
# Of the largest one that is stable.
SPEED = 0.2


def several_steps(plate: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Let each point approach its neighbours; outside is 0, which is true only at the edges."""
    for _ in range(STEPS_AT_A_TIME):
        plate = np.pad(plate, 1)
        around = plate[:-2, 1:-1] + plate[2:, 1:-1] + plate[1:-1, :-2] + plate[1:-1, 2:]
        plate = (1 - 4 * SPEED) * plate[1:-1, 1:-1] + SPEED * around
    return plate


def main() -> None:
    """Start with half a wave, which keeps its shape, and look how much of it is left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=160)
    options = parser.parse_args()
    side, rounds = options.side, options.steps // STEPS_AT_A_TIME

    # The edge is kept at 0; it lies just outside.
    wave = mc.array.sin(np.pi * mc.array.arange(1, side + 1) / (side + 1))
    start = wave[:, np.newaxis] * wave
    plate = start
    for _ in range(rounds):
        plate = plate.map_overlap(several_steps, depth=STEPS_AT_A_TIME, boundary="none")
    middle, most = mc.array.compute(plate[side // 2, side // 2], abs(plate - plate.T).max())

    factor = 1 - 8 * SPEED * np.sin(np.pi / (2 * (side + 1))) ** 2
    expected = start[side // 2, side // 2].compute() * factor ** (rounds * STEPS_AT_A_TIME)
    assert np.isclose(middle, expected, rtol=1e-9), (middle, expected)
    assert most < 1e-12, most
    print(f"{side} x {side}: {middle:.6f} in the middle, {expected:.6f} expected")


if __name__ == "__main__":
    main()
