import os
from concurrent.futures import ThreadPoolExecutor

for var in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{var}_NUM_THREADS"] = "1"

import numpy as np


def frame(seed, n=240):
    gen = np.random.default_rng(seed)
    a = gen.standard_normal((n, n))
    return a @ a.T / n + np.eye(n)


def modes(seed):
    w = np.linalg.eigvalsh(frame(seed))
    return float(w[0]), float(w[-1])


def main():
    with ThreadPoolExecutor(max_workers=2) as crew:
        pairs = list(crew.map(modes, range(90)))
    print("frames", len(pairs))
    print("lowest %.10f highest %.10f" % (min(p[0] for p in pairs), max(p[1] for p in pairs)))


main()
