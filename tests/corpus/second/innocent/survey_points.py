"""Deformation of a dam: positions in a national grid, movements of a tenth of a millimetre."""
import numpy as np


def epochs(n):
    g = np.random.default_rng(33)
    east = 4_512_000.0 + g.uniform(0, 300, n)
    north = 5_603_000.0 + g.uniform(0, 300, n)
    return east, north, g.normal(0, 4e-5, n)


def moved(east, north, jitter, shift):
    e2 = east + shift + jitter
    n2 = north - shift / 2 + jitter
    before = east * east + north * north
    after = e2 * e2 + n2 * n2
    radial = (after - before) / (2 * np.sqrt(before))
    return float(radial.mean()), float(radial.std())


def main():
    east, north, jitter = epochs(2_500_000)
    for k, shift in enumerate((1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3, 8e-3)):
        mean, std = moved(east, north, jitter, shift)
        print(f"epoch {k}: {mean * 1e6:.2f} um +- {std * 1e6:.2f}")


main()
