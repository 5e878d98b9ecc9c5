"""Shopping sessions: carts with stock reservations, replayed in order."""
import numpy as np
import pandas as pd


def events(n):
    g = np.random.default_rng(64)
    return pd.DataFrame({
        "user": g.choice([f"u{i}" for i in range(300)], n),
        "act": g.choice(["add", "add", "drop", "pay"], n),
        "sku": g.choice([f"sku-{i}" for i in range(50)], n),
    })


def replay(log, stock):
    carts = {}
    refused = 0
    sold = {}
    for ev in log.itertuples(index=False):
        cart = carts.setdefault(ev.user, [])
        if ev.act == "add":
            if stock[ev.sku] > 0 and ev.sku not in cart[-4:]:
                stock[ev.sku] -= 1
                cart.append(ev.sku)
            else:
                refused += 1
        elif ev.act == "drop" and cart:
            stock[cart.pop()] += 1
        elif ev.act == "pay":
            for sku in cart:
                sold.setdefault(sku, set()).add(ev.user)
            carts[ev.user] = []
    return refused, sold


log = events(400_000)
stock = {f"sku-{i}": 4000 + 10 * i for i in range(50)}
refused, sold = replay(log, stock)
print("refused", refused, "skus sold", len(sold), "buyers of sku-3", len(sold["sku-3"]))
print("stock left", sum(stock.values()))
