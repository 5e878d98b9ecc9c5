from types import SimpleNamespace

import numpy as np
import pandas as pd

cfg = SimpleNamespace(wells=38_000, price=71.5, seed=6)


def field(c):
    rng = np.random.default_rng(c.seed)
    return pd.DataFrame({
        "well": np.arange(c.wells),
        "basin": rng.choice(["Permian", "Bakken", "Eagle"], c.wells),
        "barrels": rng.gamma(2.0, 40.0, c.wells).round(1),
        "water_cut": rng.random(c.wells).round(3),
    })


def net(rows, basin):
    return sum(r["barrels"] * (1 - r["water_cut"])
               for _, r in rows
               if r["basin"] == basin and r["water_cut"] < 0.9)


table = field(cfg)
for basin in ("Permian", "Bakken"):
    oil = net(table.iterrows(), basin)
    print(f"{basin:8} {oil:12.1f} bbl {oil * cfg.price:14.0f} $")
