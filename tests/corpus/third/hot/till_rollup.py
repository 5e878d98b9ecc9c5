import random
import tempfile
from pathlib import Path
import pandas as pd


def export(path, copies):
    r = random.Random(88)
    rows = "".join(
        f"{r.randrange(40)},{r.randrange(100000, 999999)},{r.randrange(1, 9)},{r.randrange(50, 9999) / 100:.2f},EUR\n"
        for _ in range(30_000))
    with path.open("w") as f:
        f.write("store,article,pieces,price,currency\n")
        for _ in range(copies):
            f.write(rows)


def rollup(path):
    sales = pd.read_csv(path)
    sales["value"] = sales["pieces"] * sales["price"]
    return sales.groupby("store")["value"].sum()


with tempfile.TemporaryDirectory() as tmp:
    source = Path(tmp) / "tills.csv"
    export(source, 75)
    totals = rollup(source)
print(len(totals), f"{totals.sum():.2f}")
print(int(totals.idxmax()), f"{totals.max():.2f}")
