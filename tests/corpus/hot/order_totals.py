import numpy as np
import pandas as pd

rng = np.random.default_rng(8)
size = 42_000
orders = pd.DataFrame(
    {
        "quantity": rng.integers(1, 12, size),
        "unit_price": rng.uniform(0.5, 80.0, size).round(2),
        "region": rng.integers(0, 5, size),
    }
)

revenue = 0.0
bulk = 0
for _, row in orders.iterrows():
    line = row["quantity"] * row["unit_price"]
    if row["quantity"] >= 10:
        line *= 0.95
        bulk += 1
    revenue += line

print(round(revenue, 2), bulk)
