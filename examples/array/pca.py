"""
Standardises a matrix larger than the memory budget, and finds its principal components.

The matrix has two patterns in many noisy columns. It is never in memory as a whole: each pass over
it makes its numbers again, block by block.
"""

from __future__ import annotations

import argparse

import numpy as np

import manycore as mc


def main() -> None:
    """Make the matrix, standardise it, decompose it, and look for the two patterns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("--memory", default="160MB")
    options = parser.parse_args()
    rows, columns = options.rows, options.columns

    with mc.config(memory=options.memory):
        random = mc.random.default_rng(0)
        patterns = np.array([np.ones(columns), (-1.0) ** np.arange(columns)])
        x = random.normal(size=(rows, 2)) @ patterns + random.normal(size=(rows, columns))

        z = (x - x.mean(axis=0)) / x.std(axis=0)
        _, s, v = mc.linalg.svd(z)
        s, v = mc.array.compute(s, v)

    # A column's variance is 3: 1 of each pattern, 1 of noise. Each pattern takes a third of it all.
    shares = s**2 / np.sum(s**2)
    expected = (1 + (columns - 1) / columns / columns) / 3
    assert abs(shares[:2] - expected).max() < 0.02, shares
    # The first two components span the patterns.
    inside = np.linalg.norm(patterns @ v[:2].T, axis=1) / np.linalg.norm(patterns, axis=1)
    assert inside.min() > 0.99, inside
    print(f"{rows} x {columns}: two components hold {shares[:2].sum():.1%} of the variance")


if __name__ == "__main__":
    main()
