"""Alarm if a barometer leaves the band of its last readings."""
import numpy as np
import pandas as pd


rng = np.random.default_rng(1643)


def batch(turn):
    return pd.DataFrame(
        {
            "station": np.arange(12) % 4,
            "hpa": rng.normal(1013 + turn % 5, 6, 12).round(1),
        }
    )


class Watch:
    def __init__(self, keep):
        self.keep = keep
        self.recent = batch(0)
        self.alarms = 0

    def take(self, fresh):
        low = self.recent["hpa"].min()
        high = self.recent["hpa"].max()
        self.alarms += int(((fresh["hpa"] < low) | (fresh["hpa"] > high)).sum())
        fresh["hpa"] = fresh["hpa"].clip(low - 1, high + 1)
        self.recent = pd.concat([self.recent, fresh]).iloc[-self.keep:]


watch = Watch(72)
for turn in range(1, 700):
    watch.take(batch(turn))
print(watch.alarms, len(watch.recent), round(watch.recent["hpa"].mean(), 3))
