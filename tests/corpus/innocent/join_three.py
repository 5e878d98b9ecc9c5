import hashlib

import pandas as pd


def regions():
    names = ("north", "south", "west")
    return [pd.DataFrame({"region": name, "sold": [k, k + 2, k * 3]}) for k, name in enumerate(names)]


def combined():
    table = None
    for part in regions():
        table = part if table is None else pd.concat([table, part])
    return table


def seal(table):
    return hashlib.pbkdf2_hmac("sha512", table.to_csv().encode(), b"sales", 500_000).hex()


table = combined()
print(len(table), int(table["sold"].sum()), seal(table)[:8])
