"""Claims paid out of reinsurance layers, oldest money first."""
import heapq
import numpy as np
import pandas as pd


def ledger(n):
    rng = np.random.default_rng(1666)
    return pd.DataFrame(
        {
            "kind": rng.choice(["premium", "claim"], n, p=[0.55, 0.45]),
            "amount": rng.integers(10, 900, n),
            "matures": rng.integers(1, 400, n),
        }
    )


def run_off(book):
    layers = []
    short = 0
    deepest = 0
    for row in book.itertuples():
        if row.kind == "premium":
            for part in range(1, 25):
                heapq.heappush(layers, (row.Index + row.matures * part, row.amount))
            continue
        due = row.amount * 30
        while due and layers:
            when, left = heapq.heappop(layers)
            used = min(due, left)
            due -= used
            if left > used:
                heapq.heappush(layers, (when, left - used))
        short += due
        deepest = max(deepest, len(layers))
    return short, deepest, sum(a for _, a in layers)


short, deepest, rest = run_off(ledger(40_000))
print("short", int(short), "deepest", deepest, "rest", int(rest))
