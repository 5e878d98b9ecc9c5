import numpy as np
import pandas as pd


def readings(n):
    rng = np.random.default_rng(90)
    data = {}
    for name in ("flux", "drift", "tilt", "noise", "pulse"):
        data[name] = rng.standard_normal(n)
    return pd.DataFrame(data)


def standing(column):
    place = column.rank(method="average", pct=True)
    return place - 0.5


def rank_correlation(frame):
    places = frame.apply(standing)
    return places.corr()


def main():
    frame = readings(550_000)
    frame["drift"] += 0.4 * frame["flux"]
    table = rank_correlation(frame)
    print(table.round(4).loc["flux"].to_dict())


if __name__ == "__main__":
    main()
