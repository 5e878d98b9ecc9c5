import numpy as np
import pandas as pd

HOUSES = ["Lyle", "Marrow", "Quill"]


def sale(number):
    gen = np.random.default_rng(number)
    n = 400
    return pd.DataFrame({
        "sale": number,
        "lot": np.arange(n),
        "estimate": gen.integers(50, 900, n),
        "hammer": gen.gamma(2.0, 200.0, n).round(),
        "house": HOUSES[number % 3],
    })


def collect(numbers):
    history = pd.DataFrame()
    for number in numbers:
        one = sale(number)
        one["ratio"] = one["hammer"] / one["estimate"]
        history = pd.concat([history, one], ignore_index=True)
    return history


book = collect(range(800))
print(book.shape)
for house, group in book.groupby("house"):
    print(f"{house:8s}{group['ratio'].median():.4f} {group['hammer'].sum():.0f}")
