import numpy as np
import pandas as pd


def batch(number, floor):
    gen = np.random.default_rng(number)
    return pd.DataFrame({
        "lot": np.arange(60) + number * 60,
        "price": floor * 0.8 + gen.gamma(2.0, 30.0, 60).round(2),
    })


def leaders(rounds):
    top = pd.DataFrame({"lot": [-1], "price": [10.0]})
    changed = 0
    for number in range(rounds):
        fresh = batch(number, float(top["price"].iloc[-1]))
        top = pd.concat([top, fresh], ignore_index=True).nlargest(40, "price")
        changed += int((top["lot"] >= number * 60).sum())
    return top, changed


top, changed = leaders(900)
print(len(top), "rows, changed", changed)
print("best %.2f cut %.2f" % (top["price"].iloc[0], top["price"].iloc[-1]))
