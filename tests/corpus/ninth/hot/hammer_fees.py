import argparse

import numpy as np
import pandas as pd


def premium(lot):
    price = lot["hammer"]
    rate = 0.25 if price <= 5000 else 0.2
    fee = price * rate
    if lot["online"]:
        fee += price * 0.03
    return fee + lot["shipping"]


def catalogue(n, seed):
    gen = np.random.default_rng(seed)
    return pd.DataFrame({
        "hammer": gen.integers(20, 20000, n).astype(float),
        "online": gen.random(n) < 0.4,
        "shipping": gen.choice([0.0, 12.5, 40.0], n),
        "dept": gen.choice(["clocks", "maps", "silver"], n),
    })


def settle(lots):
    lots = lots.copy()
    lots["fee"] = lots.apply(premium, axis=1)
    lots["due"] = lots["hammer"] + lots["fee"]
    return lots.groupby("dept")["due"].sum()


parser = argparse.ArgumentParser()
parser.add_argument("--lots", type=int, default=130000)
opts = parser.parse_args()
for dept, due in settle(catalogue(opts.lots, 3)).items():
    print(f"{dept:8s}{due:16.2f}")
