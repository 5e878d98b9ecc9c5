"""Joins the daily closing files of a broker."""
import datetime as dt

import numpy as np
import pandas as pd


def closing(day, funds=260):
    rng = np.random.default_rng(day.toordinal())
    return pd.DataFrame({
        "day": np.datetime64(day),
        "fund": np.arange(funds),
        "price": rng.uniform(10, 90, funds).round(2),
        "units": rng.integers(0, 5_000, funds),
    })


def history(start, days):
    book = pd.DataFrame()
    for k in range(days):
        day = start + dt.timedelta(k)
        if day.weekday() < 5:
            part = closing(day)
            part["value"] = part.price * part.units
            book = pd.concat([book, part], ignore_index=True)
    return book


book = history(dt.date(2021, 1, 4), 820)
last = book.groupby("fund").value.mean()
print(len(book), round(float(last.max()), 3), int(last.idxmax()))
