import hashlib
import io

import pandas as pd


def month_text(month):
    lines = [f"{month},{i},{(i * 37 + month) % 90}" for i in range(4_000)]
    return "month,article,sold\n" + "\n".join(lines)


def load(months):
    parts = []
    digest = b"export"
    for month in months:
        digest = hashlib.pbkdf2_hmac("sha256", digest, bytes([month]), 60_000)
        part = pd.read_csv(io.StringIO(month_text(month)))
        part["seal"] = digest[0]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


sales = load(range(1, 13))
print(len(sales), int(sales["sold"].sum()), int(sales["seal"].sum()))
