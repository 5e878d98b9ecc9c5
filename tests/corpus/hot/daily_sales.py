import numpy as np
import pandas as pd


def sales_of(day):
    shops = np.arange(40)
    return pd.DataFrame({"day": day, "shop": shops, "sold": (shops * 37 + day * 11) % 90})


def load_year(days):
    sales = pd.DataFrame({"day": [], "shop": [], "sold": []}, dtype="int64")
    for day in range(days):
        sales = pd.concat([sales, sales_of(day)], ignore_index=True)
    return sales


def best_shop(sales):
    return int(sales.groupby("shop")["sold"].sum().idxmax())


if __name__ == "__main__":
    sales = load_year(1_700)
    print(len(sales), best_shop(sales), int(sales["sold"].sum()))
