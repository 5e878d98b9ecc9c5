from datetime import date

import numpy as np
import pandas as pd


def month(k):
    g = np.random.default_rng(k)
    day = date(2020 + k // 12, k % 12 + 1, 1)
    return pd.DataFrame({
        "month": day.isoformat(),
        "shop": g.integers(0, 60, 40_000).astype(str),
        "sales": g.gamma(3, 11, 40_000).round(2),
    })


def load(months):
    parts = []
    for k in range(months):
        part = month(k)
        part = part[part["sales"] > 2]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def main():
    sales = load(36)
    by = sales.groupby(["month", "shop"])["sales"].sum().unstack()
    print(by.shape, round(float(by.to_numpy().sum()), 2))
    print("best", by.sum().idxmax(), by.sum(axis=1).idxmax())


main()
