import numpy as np
import pandas as pd


def raw_features(n, seed):
    g = np.random.default_rng(seed)
    df = pd.DataFrame(g.normal(50, 12, (n, 3)), columns=["age", "income", "score"])
    df = df.mask(g.random((n, 3)) < 0.08)
    df.index = [f"id{i}" for i in range(n)]
    return df


def prepare(df, stats):
    for col, (mu, sd) in stats.items():
        for key in df.index:
            v = df.at[key, col]
            if pd.isna(v):
                df.at[key, col] = 0.0
            else:
                df.at[key, col] = min(3.0, max(-3.0, (v - mu) / sd))
    return df


X = raw_features(32_000, 13)
stats = {c: (X[c].mean(), X[c].std()) for c in X.columns}
X = prepare(X, stats)
print(X.shape, int((X == 0).sum().sum()))
print(X.abs().sum().round(4).to_dict())
