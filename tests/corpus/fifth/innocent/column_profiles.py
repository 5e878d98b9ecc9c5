"""Robust profile of every channel in a wide sensor frame."""
import numpy as np
import pandas as pd


def sensor_frame(rows, channels):
    g = np.random.default_rng(88)
    data = g.standard_normal((rows, channels)).cumsum(axis=0)
    return pd.DataFrame(data, columns=[f"ch{i:02d}" for i in range(channels)])


def profile(column):
    centre = column.median()
    spread = (column - centre).abs().median()
    ranked = column.rank(pct=True)
    return pd.Series({
        "centre": centre,
        "spread": spread,
        "tail": float((ranked[column > centre + 2 * spread]).mean()),
    })


frame = sensor_frame(150_000, 24)
result = frame.apply(profile, axis=0)
print(result.T.describe().loc[["mean", "min", "max"]].round(4).to_string())
