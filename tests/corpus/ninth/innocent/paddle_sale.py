import numpy as np
import pandas as pd


def bids(n):
    gen = np.random.default_rng(21)
    return pd.DataFrame({
        "lot": np.sort(gen.integers(0, n // 12, n)),
        "paddle": gen.choice([f"p{k}" for k in range(60)], n),
        "offer": gen.integers(10, 800, n),
    })


def run_sale(frame, purse):
    purses = {}
    standing = {}
    refused = 0
    for bid in frame.itertuples(index=False):
        money = purses.setdefault(bid.paddle, purse)
        who, high = standing.get(bid.lot, (None, 0))
        if bid.offer <= high or bid.offer > money or who == bid.paddle:
            refused += 1
            continue
        if who is not None:
            purses[who] += high
        purses[bid.paddle] -= bid.offer
        standing[bid.lot] = (bid.paddle, bid.offer)
    return standing, purses, refused


standing, purses, refused = run_sale(bids(500000), 60000)
print("sold", len(standing), "refused", refused)
print("taken", sum(price for _, price in standing.values()), "left", sum(purses.values()))
