"""Realised gains, first in first out, per symbol."""
from collections import deque

import numpy as np
import pandas as pd


def fills(n):
    g = np.random.default_rng(40)
    return pd.DataFrame({
        "symbol": g.choice(["AAA", "BBB", "CCC", "DDD"], n),
        "side": g.choice(["buy", "sell"], n, p=[0.55, 0.45]),
        "qty": g.integers(1, 90, n),
        "cents": g.integers(900, 1100, n),
    })


def realised(df):
    lots, gain = {}, {}
    for f in df.itertuples(index=False):
        book = lots.setdefault(f.symbol, deque())
        if f.side == "buy":
            book.append([f.qty, f.cents])
            continue
        left = f.qty
        while left and book:
            lot = book[0]
            take = min(left, lot[0])
            gain[f.symbol] = gain.get(f.symbol, 0) + take * (f.cents - lot[1])
            lot[0] -= take
            left -= take
            if lot[0] == 0:
                book.popleft()
    return lots, gain


lots, gain = realised(fills(200_000))
for s in sorted(gain):
    print(s, gain[s] / 100, sum(q for q, _ in lots[s]))
