import numpy as np
import pandas as pd


def counts_table(rows):
    base = np.random.default_rng(12).integers(0, 1_000_000, rows)
    columns = {f"site{k}": np.roll(base, 997 * k) + k for k in range(6)}
    return pd.DataFrame(columns)


def trimmed_range(column):
    ordered = np.sort(column.to_numpy(), kind="stable")
    cut = len(ordered) // 20
    return ordered[-cut] - ordered[cut]


table = counts_table(1_100_000)
spread = table.apply(trimmed_range)
print(spread.to_dict()["site3"], int(spread.sum()))
