"""Summary of six instruments; the simulation of each takes the time."""
import numpy as np
import pandas as pd

N = 1_500_000


def drift(row):
    g = np.random.default_rng(int(row["seed"]))
    noise = g.normal(row["bias"], row["sigma"], N)
    path = np.sort(np.cumsum(noise))
    return pd.Series({"p05": path[N // 20], "p95": path[-N // 20]})


instruments = pd.DataFrame({
    "name": ["thermo", "baro", "hygro", "anemo", "pyrano", "pluvio"],
    "seed": [1, 2, 3, 4, 5, 6],
    "bias": [0.0, 0.01, -0.01, 0.002, 0.0, -0.003],
    "sigma": [1.0, 0.8, 0.7, 1.3, 0.2, 2.0],
})

limits = instruments.apply(drift, axis=1)
print(instruments[["name"]].join(limits.round(3)).to_string(index=False))
