import numpy as np
import pandas as pd


def weather(count):
    t = np.arange(count)
    frame = pd.DataFrame({"fahrenheit": 60 + 20 * np.sin(t / 40), "station": t % 12})
    frame["celsius"] = 0.0
    return frame


def convert(frame):
    for i in range(len(frame)):
        frame.loc[i, "celsius"] = (frame.loc[i, "fahrenheit"] - 32) * 5 / 9
    return frame


def warmest_station(frame):
    return int(frame.groupby("station")["celsius"].mean().idxmax())


frame = convert(weather(4_500))
print(warmest_station(frame), round(frame["celsius"].mean(), 6))
