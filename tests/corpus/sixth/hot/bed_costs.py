import numpy as np
import pandas as pd


def stays(n):
    rng = np.random.default_rng(77)
    return pd.DataFrame({
        "days": rng.integers(1, 21, n),
        "rate": rng.choice([310.0, 420.0, 980.0], n),
        "icu_days": rng.integers(0, 4, n),
        "private": rng.random(n) < 0.3,
    })


def price(book):
    book["bill"] = 0.0
    pos = 0
    while pos < len(book):
        stay = book.iloc[pos]
        bill = stay["days"] * stay["rate"]
        bill += stay["icu_days"] * 1_450.0
        if stay["private"]:
            bill *= 1.15
        if stay["days"] > 14:
            bill -= 200.0
        book.at[pos, "bill"] = round(bill, 2)
        pos += 1
    return book


def main():
    book = price(stays(11_000))
    by = book.groupby("private")["bill"].agg(["mean", "max"])
    for private, row in by.iterrows():
        print(private, f"{row['mean']:.2f}", f"{row['max']:.2f}")


if __name__ == "__main__":
    main()
