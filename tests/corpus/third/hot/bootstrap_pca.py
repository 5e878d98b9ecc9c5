import multiprocessing as mp
import numpy as np


def replicate(seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((700, 200))
    x[:, 1] += x[:, 0]
    pick = rng.integers(0, 700, 700)
    for _ in range(2):
        cov = np.cov(x[pick], rowvar=False)
        vals = np.linalg.eigvalsh(cov @ cov)
    return float(vals[-1] / vals.sum())


def main():
    with mp.Pool(4) as pool:
        ratios = pool.map(replicate, range(16), chunksize=2)
    ratios = np.sort(ratios)
    print(f"{len(ratios)} {ratios[1]:.8f} {ratios[-2]:.8f}")


if __name__ == "__main__":
    main()
