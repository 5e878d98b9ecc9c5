"""Apply this year's surcharge table to the motor insurance book."""
import numpy as np
import pandas as pd


def load_book(n):
    g = np.random.default_rng(19)
    return pd.DataFrame({
        "age": g.integers(18, 85, n),
        "bonus": g.integers(0, 12, n),
        "premium": np.round(g.uniform(200, 1500, n), 2),
        "zone": g.choice(["urban", "rural", "island"], n),
    })


def reprice(book):
    book["due"] = 0.0
    for key in book.index:
        base = book.at[key, "premium"]
        if book.at[key, "age"] < 25:
            factor = 1.4
        elif book.at[key, "bonus"] > 8:
            factor = 0.7
        else:
            factor = 1.0
        if book.at[key, "zone"] == "urban":
            factor += 0.15
        book.loc[key, "due"] = base * factor
    return book


book = reprice(load_book(6_000))
print(book.groupby("zone")["due"].sum().round(2).to_string())
