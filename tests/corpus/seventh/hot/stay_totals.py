import numpy as np
import pandas as pd

rng = np.random.default_rng(8)
N = 45_000

stays = pd.DataFrame({
    "nights": rng.integers(1, 15, N),
    "adults": rng.integers(1, 4, N),
    "rate": rng.integers(60, 240, N) * 1.0,
    "member": rng.random(N) < 0.3,
})


def due(row):
    amount = row["nights"] * row["rate"]
    if row["nights"] >= 7:
        amount *= 0.9
    if row["member"]:
        amount -= 5.0 * row["nights"]
    return amount + 2.1 * row["adults"] * row["nights"]


stays["due"] = stays.apply(due, axis=1)
by_len = stays.groupby("nights")["due"].sum()
print(by_len.head(3).round(2).to_dict())
print(round(stays["due"].sum(), 2), int((stays["due"] > 2000).sum()))
