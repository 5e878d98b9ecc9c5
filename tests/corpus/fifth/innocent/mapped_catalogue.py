"""Brightest stars of a memory-mapped catalogue, zone by zone."""
import tempfile

import numpy as np

ZONES, STARS = 120, 220_000


def build(f):
    magnitude = 6 + 14 * (np.arange(STARS) * 48271 % 65537) / 65537
    block = magnitude.tobytes()
    for zone in range(ZONES):
        f.write(block)
    f.flush()


def flux(mag):
    jansky = 3631 * 10 ** (-0.4 * mag)
    return jansky / (1 + 0.1 * np.exp(-mag))


def main():
    with tempfile.NamedTemporaryFile() as f:
        build(f)
        sky = np.memmap(f.name, dtype=float, mode="r", shape=(ZONES, STARS))
        total, brightest = 0.0, []
        for zone in range(ZONES):
            part = flux(sky[zone])
            total += part.sum()
            brightest.append(part.max())
        del sky, part
    print(f"{total:.3f} {max(brightest):.6f} {int(np.argmax(brightest))}")


main()
