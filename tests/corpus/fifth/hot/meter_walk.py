"""Energy cost of the smart-meter readings at peak hours."""
import numpy as np
import pandas as pd

TARIFF = {"day": 0.31, "night": 0.19}


class Meter:
    def __init__(self, readings):
        self.readings = readings

    def __len__(self):
        return len(self.readings)

    def peak_costs(self, low):
        return [
            self.readings.iloc[i]["kwh"] * TARIFF[self.readings.iloc[i]["band"]]
            for i in range(len(self))
            if self.readings.iloc[i]["kwh"] > low
        ]


def sample(n):
    g = np.random.default_rng(27)
    hour = np.arange(n) % 24
    return pd.DataFrame({
        "hour": hour,
        "kwh": g.gamma(2.0, 0.8, n).round(3),
        "band": np.where((hour > 6) & (hour < 22), "day", "night"),
    })


meter = Meter(sample(14_000))
costs = meter.peak_costs(1.0)
print(len(meter), "readings", len(costs), "above the threshold")
print(f"{sum(costs):.2f} {max(costs):.3f}")
