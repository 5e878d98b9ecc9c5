import multiprocessing as mp
import numpy as np


def shard(seed):
    rng = np.random.default_rng(seed)
    keys = rng.integers(0, 2**40, 450_000)
    keys.sort()
    gaps = np.diff(keys)
    uniq = np.unique(keys >> 12)
    return np.array([keys[0] % 997, gaps.max() % 997, uniq.size % 997], dtype=float)


if __name__ == "__main__":
    with mp.Pool(2) as pool:
        rows = np.stack(pool.map(shard, range(9), chunksize=1))
    mix = np.array([[1.0, 2.0, 3.0], [0.5, 0.0, 1.0], [2.0, 2.0, 0.0]])
    out = rows @ mix
    print(out.shape, out.sum(axis=0).tolist())
