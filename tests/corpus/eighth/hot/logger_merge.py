import numpy as np
import pandas as pd

rng = np.random.default_rng(1701)
CROPS = np.array(["barley", "oats", "rye"])


def soil_log(field, day):
    hours = np.arange(144)
    return pd.DataFrame(
        {
            "field": field,
            "hour": hours + 144 * day,
            "moist": rng.uniform(0.1, 0.5, 144).round(3),
            "temp": rng.normal(11, 3, 144).round(1),
            "crop": np.full(144, CROPS[field % 3], dtype=object),
        }
    )


class Farm:
    def __init__(self, fields):
        self.fields = fields
        self.log = soil_log(0, 0).iloc[:0]

    def absorb(self, frame):
        self.log = pd.concat([self.log, frame], ignore_index=True)

    def season(self, days):
        for day in range(days):
            for field in range(1, self.fields + 1):
                self.absorb(soil_log(field, day))
        return self


farm = Farm(12).season(60)
dry = farm.log[farm.log["moist"] < 0.15]
print(len(farm.log), len(dry))
print(dry.groupby("crop")["temp"].mean().round(2).to_dict())
