"""Return periods from the ordered daily rainfall of a model ensemble."""
import numpy as np


def ensemble(member, n):
    rng = np.random.default_rng(1953 + member)
    return rng.random(n)


def return_levels(days, years):
    days *= 40.0
    ordered = np.sort(days)
    rank = np.array([int(len(ordered) * (1 - 1 / (365.25 * y))) for y in years])
    return ordered[rank]


years = (1, 2, 5, 10, 50, 100)
total = np.zeros(len(years))
for member in range(3):
    total += return_levels(ensemble(member, 5_000_000), years)
print(dict(zip(years, np.round(total / 3, 6).tolist())))
