import hashlib

import pandas as pd

TARIFFS = pd.DataFrame(
    {"name": ["night", "day", "peak", "weekend", "holiday"], "cents": [11, 19, 31, 14, 12]}
)


def describe(tariffs):
    lines = []
    for _, row in tariffs.iterrows():
        lines.append(f"{row['name']}: {row['cents']} c/kWh")
    return lines


def sign(lines, secret):
    return hashlib.pbkdf2_hmac("sha512", secret, "\n".join(lines).encode(), 500_000).hex()


lines = describe(TARIFFS)
print(len(lines), sign(lines, b"tariffs")[:12])
