import numpy as np
import pandas as pd

ALLOWANCE = 12_570.0
STEPS = ((0.0, 0.20), (37_700.0, 0.20), (112_570.0, 0.05))


def returns(n):
    rng = np.random.default_rng(31)
    return pd.DataFrame({
        "wage": rng.gamma(3.0, 14_000.0, n).round(2),
        "rent": rng.gamma(1.0, 2_000.0, n).round(2),
        "children": rng.integers(0, 5, n),
        "married": rng.random(n) < 0.5,
    })


def liability(entry):
    income = entry["wage"] + 0.7 * entry["rent"]
    free = ALLOWANCE + 1_260.0 * entry["married"]
    base = max(0.0, income - free)
    due = 0.0
    for floor, extra in STEPS:
        due += max(0.0, base - floor) * extra
    return max(0.0, due - 300.0 * entry["children"])


def main():
    book = returns(30_000)
    book["due"] = book.agg(liability, axis=1)
    bands = pd.cut(book["due"], [-1, 1, 5_000, 20_000, 1e9])
    for band, n in bands.value_counts(sort=False).items():
        print(band, n)
    print("total %.0f" % book["due"].sum())


if __name__ == "__main__":
    main()
