import math

import numpy as np
import pandas as pd


def trips(count):
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "dx": rng.normal(0, 900, count),
            "dy": rng.normal(0, 900, count),
            "seconds": rng.uniform(20, 900, count),
        }
    )


def mean_speed(frame):
    speeds = []
    for trip in frame.itertuples(index=False):
        metres = math.sqrt(trip.dx**2 + trip.dy**2)
        if trip.seconds > 30:
            speeds.append(3.6 * metres / trip.seconds)
    return sum(speeds) / len(speeds), len(speeds)


speed, used = mean_speed(trips(850_000))
print(round(speed, 6), used)
