import numpy as np
import pandas as pd


def load_catalogue():
    rng = np.random.default_rng(5)
    sku = rng.permutation(400_000)[:60_000]
    return pd.DataFrame({"sku": sku, "weight": rng.integers(1, 90, sku.size)})


def order_lines(n):
    rng = np.random.default_rng(6)
    return [(int(s), int(q)) for s, q in zip(rng.integers(0, 400_000, n), rng.integers(1, 9, n))]


def split_orders(lines, catalogue):
    known = catalogue["sku"].values
    ship, backorder = [], []
    for sku, qty in lines:
        if sku in known:
            ship.append((sku, qty))
        else:
            backorder.append(sku)
    return ship, backorder


cat = load_catalogue()
ship, back = split_orders(order_lines(42_000), cat)
print("ship", len(ship), "units", sum(q for _, q in ship))
print("backorder", len(back), "first", back[:3])
