import numpy as np
import pandas as pd


def table(rows, cols, seed):
    rng = np.random.default_rng(seed)
    data = rng.integers(0, 10**7, (rows, cols))
    return pd.DataFrame(data, columns=[f"f{i}" for i in range(cols)])


def quantile_rank(col):
    order = np.argsort(col.to_numpy(), kind="stable")
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return pd.Series(ranks // (len(order) // 10), index=col.index)


feats = table(500_000, 10, 3)
deciles = feats.apply(quantile_rank)
print(deciles.shape, int(deciles.to_numpy().sum()))
print(deciles.iloc[12345].tolist())
