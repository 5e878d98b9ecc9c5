from functools import reduce

import numpy as np
import pandas as pd

SLOTS = np.array(["top", "side", "feed", "story"])


def hourly(hours, per_hour):
    rng = np.random.default_rng(31)
    for h in range(hours):
        yield pd.DataFrame({
            "hour": h,
            "slot": rng.integers(0, 4, per_hour),
            "bid": rng.integers(5, 900, per_hour) / 100,
            "won": rng.random(per_hour) < 0.2,
        })


def join(book, hour):
    return pd.concat([book, hour], ignore_index=True)


def summary(book):
    won = book[book["won"]]
    g = won.groupby("slot")["bid"].agg(["mean", "size"])
    return {str(SLOTS[i]): (round(float(m), 4), int(n)) for i, m, n in zip(g.index, g["mean"], g["size"])}


book = reduce(join, hourly(330, 1200))
print(len(book), book["hour"].nunique())
print(summary(book))
