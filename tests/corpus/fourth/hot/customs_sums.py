"""Duty per country from the customs export."""
import io
import os
import tempfile

import numpy as np
import pandas as pd


def export(path, copies):
    rng = np.random.default_rng(33)
    n = 50_000
    part = pd.DataFrame({
        "country": rng.integers(1, 60, n),
        "value": rng.integers(10, 90_000, n) / 4,
        "rate": rng.integers(0, 25, n) / 100,
        "weight": rng.integers(1, 900, n),
        "item": np.arange(n),
    })
    buf = io.StringIO()
    part.to_csv(buf, index=False, header=False)
    with open(path, "w") as f:
        f.write(",".join(part.columns) + "\n")
        for _ in range(copies):
            f.write(buf.getvalue())


def duty(path):
    df = pd.read_csv(path)
    return (df["value"] * df["rate"]).groupby(df["country"]).sum(), len(df)


with tempfile.TemporaryDirectory() as folder:
    target = os.path.join(folder, "export.csv")
    export(target, 34)
    per_country, rows = duty(target)
print(rows, int(per_country.idxmax()), round(float(per_country.max()), 2))
