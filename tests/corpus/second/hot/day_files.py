"""Collect a season of daily traffic tables into one frame."""
import numpy as np
import pandas as pd


def day_table(day):
    g = np.random.default_rng(day)
    n = 300
    return pd.DataFrame({
        "day": day,
        "path": g.integers(0, 200, n),
        "bytes": g.integers(200, 90_000, n),
        "ms": g.gamma(2.0, 30.0, n).round(1),
        "status": g.choice([200, 304, 404, 500], n, p=[0.8, 0.1, 0.08, 0.02]),
    })


def season(days):
    traffic = day_table(0)
    for day in range(1, days):
        today = day_table(day)
        if today.empty:
            continue
        traffic = pd.concat([traffic, today], ignore_index=True)
    return traffic


def main():
    traffic = season(900)
    errors = traffic[traffic["status"] == 500]
    print(len(traffic), "rows,", len(errors), "errors")
    print(errors.groupby(errors["day"] // 300)["ms"].mean().round(3).to_dict())
    print("slowest", traffic["ms"].max())


main()
