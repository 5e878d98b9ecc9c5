import numpy as np
import pandas as pd


def shift(rng, beds, n=40):
    return pd.DataFrame({
        "wait": rng.gamma(2.0, 900.0 / beds, n),
        "age": rng.integers(1, 99, n),
    })


def keep(recent, fresh):
    return pd.concat([recent, fresh], ignore_index=True).iloc[-300:]


def main():
    rng = np.random.default_rng(81)
    beds = 30
    recent = shift(rng, beds)
    opened = []
    for _ in range(2600):
        recent = keep(recent, shift(rng, beds))
        late = np.partition(recent["wait"].to_numpy(), -30)[-30]
        if late > 120 and beds < 60:
            beds += 1
        elif late < 90 and beds > 12:
            beds -= 1
        opened.append(beds)
    print(min(opened), max(opened), sum(opened), f"{recent['wait'].mean():.4f}")


if __name__ == "__main__":
    main()
