import os
import tempfile

import numpy as np


def survey(path, strips):
    gen = np.random.default_rng(15)
    block = gen.normal(240.0, 18.0, 1_000_000).astype("<f4").tobytes()
    with open(path, "wb") as f:
        for flown in range(0, strips, 6):
            f.seek(flown * len(block))
            f.write(block)
        f.truncate(strips * len(block))


def terrain(path):
    z = np.fromfile(path, dtype="<f4")
    above = z > 260.0
    rough = np.log1p(np.abs(np.sin(z) * np.cos(0.1 * z)))
    canopy = np.sqrt(np.abs(z - 240.0)) + np.exp(-0.01 * z)
    return z.size, int(above.sum()), float(rough.max()), float(canopy.max())


def main():
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, "strip.bin")
        survey(path, 36)
        n, high, lo, hi = terrain(path)
    print("points", n)
    print("above 260 m", high)
    print("rough %.3f canopy %.3f" % (lo, hi))


main()
