import os

for var in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[var] = "1"

import multiprocessing as mp
import numpy as np


def spectrum(seed):
    rng = np.random.default_rng(seed)
    a = rng.standard_normal((330, 330))
    sym = a @ a.T
    w = np.linalg.eigvalsh(sym)
    return float(w[0]), float(w[-1])


def main():
    with mp.get_context("fork").Pool(2) as pool:
        ends = pool.map(spectrum, range(160), chunksize=10)
    low = min(e[0] for e in ends)
    high = max(e[1] for e in ends)
    print(len(ends), f"{low:.6f} {high:.4f}")


if __name__ == "__main__":
    main()
