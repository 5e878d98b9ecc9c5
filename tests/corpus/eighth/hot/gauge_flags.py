import numpy as np
import pandas as pd


class Station:
    def __init__(self, name, n, seed):
        rng = np.random.default_rng(seed)
        self.name = name
        self.obs = pd.DataFrame(
            {
                "rain": rng.exponential(1.2, n).round(1),
                "wind": rng.weibull(2.0, n).round(1) * 9,
                "temp": rng.normal(8, 7, n).round(1),
            }
        )

    def quality(self):
        obs = self.obs
        obs["suspect"] = 0
        for stamp in obs.index:
            wet = obs.at[stamp, "rain"] > 5.0
            icy = obs.at[stamp, "temp"] < -2.0
            if wet and icy:
                obs.at[stamp, "suspect"] = 2
            elif obs.at[stamp, "wind"] > 20.0:
                obs.at[stamp, "suspect"] = 1
        return obs["suspect"].value_counts().sort_index()


for name, seed in (("Lerwick", 1), ("Valentia", 2)):
    station = Station(name, 7_000, seed)
    print(name, station.quality().to_dict())
