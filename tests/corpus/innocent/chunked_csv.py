import os
import tempfile

import pandas as pd


def write_sales(path, blocks):
    block = "".join(f"{i % 12},{i * 37 % 263},{(i * 91 % 4_000) / 100:.2f}\n" for i in range(5_000))
    with open(path, "w") as target:
        target.write("month,article,amount\n")
        for _ in range(blocks):
            target.write(block)


def monthly(path):
    totals = 0
    for chunk in pd.read_csv(path, chunksize=50_000):
        totals = chunk.groupby("month")["amount"].sum() + totals
    return totals


handle, path = tempfile.mkstemp(suffix=".csv")
os.close(handle)
write_sales(path, 420)
totals = monthly(path)
os.remove(path)
print(len(totals), round(float(totals.sum()), 2))
