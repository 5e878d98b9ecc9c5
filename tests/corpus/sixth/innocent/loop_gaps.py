import numpy as np


def crossings(n):
    rng = np.random.default_rng(61)
    stamps = rng.random(n)
    stamps += 0.05
    np.cumsum(stamps, out=stamps)
    stamps += 1_700_000_000.0
    return stamps


def flow(stamps, lag):
    gap = stamps[lag:] - stamps[:-lag]
    rate = 3600.0 * lag / gap
    dev = rate - rate.mean()
    skew = (dev * dev * dev).mean() / (dev * dev).mean() ** 1.5
    return rate.mean(), skew


def main():
    stamps = crossings(2_500_000)
    for lag in (5, 8, 13, 21, 34, 55, 89, 144):
        mean, skew = flow(stamps, lag)
        print(lag, "%.4f %.5f" % (mean, skew))


if __name__ == "__main__":
    main()
