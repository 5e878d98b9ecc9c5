import pandas as pd
import numpy as np


def headways(stops):
    gaps = []
    for i in range(1, len(stops)):
        here, before = stops.iloc[i], stops.iloc[i - 1]
        if here["stop"] == before["stop"]:
            gaps.append(here["sec"] - before["sec"])
    return gaps


rng = np.random.default_rng(2)
size = 24_000
timetable = pd.DataFrame({
    "stop": np.repeat(np.arange(size // 60), 60),
    "sec": np.tile(np.arange(60) * 300, size // 60) + rng.integers(-90, 90, size),
})
g = np.array(headways(timetable))
print("headways", g.size, "mean", g.mean().round(3), "worst", g.max())
