import numpy as np


def returns(n, seed):
    return np.random.default_rng(seed).integers(-10**14, 10**14, n)


def value_at_risk(r, cut):
    ordered = np.sort((r + 5) * 2 - 7, kind="stable")
    return int(ordered[int(cut * ordered.size)])


def main():
    worst = []
    for book in range(3):
        r = returns(2_500_000, book)
        worst.append(value_at_risk(r, 0.013))
        print("book", book, "loss", worst[-1])
    print("total", sum(worst))


if __name__ == "__main__":
    main()
