"""Stability margins of random control loops, in parallel."""
import os

for _name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_name}_NUM_THREADS"] = "1"

from concurrent.futures import ProcessPoolExecutor  # noqa: E402

import numpy as np  # noqa: E402


def margin(seed):
    g = np.random.default_rng(seed)
    a = g.standard_normal((150, 150)) / 13
    feedback = np.linalg.solve(np.eye(150) + a @ a.T, a)
    return float(np.linalg.eigvals(a - feedback).real.max())


def main():
    with ProcessPoolExecutor(2) as pool:
        margins = list(pool.map(margin, range(60), chunksize=5))
    stable = [m for m in margins if m < 0.8]
    print(len(stable), f"{min(margins):.6f} {max(margins):.6f}")


main()
