import numpy as np
import pandas as pd


def make_claims(n, seed=5):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "policy": rng.integers(10_000, 99_999, n),
            "amount": rng.gamma(2.0, 900.0, n).round(2),
            "excess": rng.choice([100.0, 250.0, 500.0], n),
            "limit": rng.choice([2_000.0, 5_000.0, 20_000.0], n),
            "kind": rng.choice(["water", "fire", "theft"], n),
        }
    )


def settle(row):
    due = row["amount"] - row["excess"]
    if due <= 0:
        return 0.0
    if row["kind"] == "theft":
        due *= 0.9
    return min(due, row["limit"])


claims = make_claims(70_000)
claims["paid"] = claims.apply(settle, axis="columns")
summary = claims.groupby("kind")["paid"].agg(["count", "sum"]).round(2)
for kind, count, total in zip(summary.index, summary["count"], summary["sum"]):
    print(f"{kind:6s} {count:6d} {total:14.2f}")
print("refused", int((claims["paid"] == 0).sum()))
