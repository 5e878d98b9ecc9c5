import numpy as np
import pandas as pd


def order_lines(n, seed):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({
        "sku": rng.integers(1000, 1400, n),
        "units": rng.integers(1, 12, n),
        "price": np.round(rng.uniform(2, 80, n), 2),
        "cost": np.round(rng.uniform(1, 40, n), 2),
        "member": rng.random(n) < 0.4,
    })


def margin_of(frame):
    margins = []
    for _, line in frame.iterrows():
        price = line["price"] * (0.9 if line["member"] else 1.0)
        gross = line["units"] * (price - line["cost"])
        margins.append(gross if gross > 0 else 0.5 * gross)
    return margins


def report(frame):
    best = frame.groupby("sku")["margin"].sum().nlargest(3)
    for sku, value in best.items():
        print(int(sku), f"{value:.2f}")


sheet = order_lines(36_000, 8)
sheet["margin"] = margin_of(sheet)
report(sheet)
