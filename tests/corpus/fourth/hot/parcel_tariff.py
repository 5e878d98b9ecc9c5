import numpy as np
import pandas as pd

ZONE_FACTOR = {1: 1.0, 2: 1.35, 3: 1.9}


def postage(parcel):
    base = 4.10 if parcel.grams <= 2000 else 6.75
    if parcel.express:
        base *= 1.5
    return round(base * ZONE_FACTOR[parcel.zone] + 0.001 * parcel.grams, 2)


def parcels(n):
    rng = np.random.default_rng(41)
    return pd.DataFrame({
        "grams": rng.integers(100, 9000, n),
        "zone": rng.integers(1, 4, n),
        "express": rng.random(n) < 0.2,
    })


def main():
    df = parcels(50_000)
    df["postage"] = df.apply(postage, axis="columns")
    by_zone = df.groupby("zone").postage.agg(["count", "mean"])
    print(by_zone.round(3).to_string())


main()
