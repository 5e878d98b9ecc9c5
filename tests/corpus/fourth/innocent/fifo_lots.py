"""Realised gains per security, first lots in are first lots out."""
from collections import defaultdict, deque

import numpy as np
import pandas as pd


def trades(n):
    rng = np.random.default_rng(23)
    side = np.where(rng.random(n) < 0.55, "B", "S")
    return pd.DataFrame({
        "isin": rng.choice([f"LU{k:04d}" for k in range(120)], n),
        "side": side,
        "qty": rng.integers(1, 50, n),
        "px": rng.integers(800, 1200, n),
    })


def realise(df):
    lots = defaultdict(deque)
    gain = 0
    for t in df.itertuples(index=False):
        book = lots[t.isin]
        if t.side == "B":
            book.append([t.qty, t.px])
            continue
        want = t.qty
        while want and book:
            take = min(want, book[0][0])
            gain += take * (t.px - book[0][1])
            want -= take
            book[0][0] -= take
            if not book[0][0]:
                book.popleft()
    return gain, sum(len(b) for b in lots.values())


g, open_lots = realise(trades(600_000))
print("gain", g / 100, "open lots", open_lots)
