import os
import tempfile

import pandas as pd


def write_trips(path, blocks):
    rows = [f"{i % 7},{i * 37 % 263},{(i * 91 % 4_000) / 100:.2f},{i % 5}\n" for i in range(5_000)]
    block = "".join(rows)
    with open(path, "w") as target:
        target.write("weekday,zone,fare,passengers\n")
        for _ in range(blocks):
            target.write(block)


def fares_by_weekday(path):
    trips = pd.read_csv(path)
    return trips.groupby("weekday")["fare"].sum()


handle, path = tempfile.mkstemp(suffix=".csv")
os.close(handle)
write_trips(path, blocks=640)
fares = fares_by_weekday(path)
os.remove(path)
print(len(fares), round(float(fares.sum()), 2))
