import argparse

import numpy as np
import pandas as pd


def positions(n):
    g = np.random.default_rng(12)
    return pd.DataFrame({
        "qty": g.integers(-500, 500, n),
        "bought": g.uniform(5, 400, n).round(2),
        "quote": g.uniform(5, 400, n).round(2),
        "desk": g.choice(["rates", "equity", "fx"], n),
    })


def unrealised(df, fee):
    gains = []
    i = 0
    while i < len(df):
        q = df["qty"].iloc[i]
        diff = df["quote"].iloc[i] - df["bought"].iloc[i]
        gains.append(q * diff - fee * abs(q))
        i += 1
    return gains


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("-n", type=int, default=20_000)
    p.add_argument("--fee", type=float, default=0.02)
    return p.parse_args()


args = parse()
df = positions(args.n)
df["gain"] = unrealised(df, args.fee)
by_desk = df.groupby("desk")["gain"].sum().round(2)
for desk, gain in by_desk.items():
    print(f"{desk:8s}{gain:16.2f}")
print("worst", df["gain"].min().round(2))
