import math
import numpy as np
import pandas as pd


class Comfort:
    LIMIT = 27.0

    def __init__(self, altitude):
        self.k = 1 - altitude * 1e-5

    def classify(self, r):
        dew = r.temp - (100 - r.hum) / 5.0
        idx = (r.temp + 0.33 * dew - 0.7 * r.wind) * self.k
        if idx > self.LIMIT:
            return "hot"
        return "cool" if idx < 12 else "fine"


def weather(n):
    rng = np.random.default_rng(55)
    hours = np.arange(n)
    return pd.DataFrame({
        "temp": 18 + 9 * np.sin(hours * math.tau / 24) + rng.normal(0, 2, n),
        "hum": rng.uniform(25, 99, n),
        "wind": rng.gamma(2.0, 1.5, n),
    })


station = weather(140_000)
rule = Comfort(altitude=480)
station = station.assign(label=station.apply(rule.classify, axis="columns"))
counts = station["label"].value_counts().sort_index()
print(counts.to_dict())
print(f"{station.loc[station.label == 'hot', 'temp'].mean():.3f}")
