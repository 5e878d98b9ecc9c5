import math

import numpy as np
import pandas as pd

CENTRE = (52.52, 13.405)


def load_trips(n):
    g = np.random.default_rng(31)
    return pd.DataFrame(
        {
            "lat": g.normal(CENTRE[0], 0.2, n),
            "lon": g.normal(CENTRE[1], 0.3, n),
            "night": g.random(n) < 0.2,
        }
    )


def fare(row):
    dlat = math.radians(row["lat"] - CENTRE[0])
    dlon = math.radians(row["lon"] - CENTRE[1])
    h = math.sin(dlat / 2) ** 2
    h += math.cos(math.radians(CENTRE[0])) * math.cos(math.radians(row["lat"])) * math.sin(dlon / 2) ** 2
    km = 2 * 6371.0 * math.asin(math.sqrt(h))
    price = 2.9 + 0.11 * km
    return price * 1.25 if row["night"] else price


trips = load_trips(60_000)
trips["fare"] = trips.apply(fare, axis=1)
trips["zone"] = pd.cut(trips["fare"], [0, 4, 6, 9, 99], labels=list("ABCD"))
print(trips.groupby("zone", observed=True)["fare"].agg(["count", "mean"]).round(3).to_string())
print("takings", round(trips["fare"].sum(), 2))
