from functools import reduce
import numpy as np
import pandas as pd


def till(no, rows=420):
    rng = np.random.default_rng(no)
    return pd.DataFrame({
        "till": no,
        "item": rng.integers(0, 3000, rows),
        "qty": rng.integers(1, 6, rows),
        "price": rng.random(rows).round(2),
        "vat": rng.choice([0.0, 0.07, 0.19], rows),
        "hour": rng.integers(8, 20, rows),
    })


def join(sofar, roll):
    return pd.concat([sofar, roll], ignore_index=True)


def main():
    rolls = (till(k) for k in range(520))
    sales = reduce(join, rolls)
    sales["sum"] = sales["qty"] * sales["price"] * (1 + sales["vat"])
    busiest = sales.groupby("hour")["sum"].sum().round(2)
    print(len(sales), busiest.idxmax(), f"{busiest.max():.2f}")


if __name__ == "__main__":
    main()
