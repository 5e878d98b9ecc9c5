import numpy as np


def spending(n, seed):
    rng = np.random.default_rng(seed)
    return rng.integers(100, 2 ** 40, n)


def gini(cents):
    ranked = np.sort(cents, kind="stable")
    n = ranked.size
    lorenz = np.cumsum(ranked, dtype=float)
    return (n + 1 - 2.0 * lorenz.sum() / lorenz[-1]) / n


def main():
    for year, seed in ((2018, 1), (2022, 2)):
        cents = spending(4_000_000, seed)
        print(year, f"{gini(cents):.12f}", int(cents.max()))


if __name__ == "__main__":
    main()
