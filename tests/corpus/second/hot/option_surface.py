import numpy as np


def quotes(n):
    g = np.random.default_rng(17)
    spot = 90 + 20 * g.random(n)
    strike = 80 + 40 * g.random(n)
    tenor = 0.05 + 2 * g.random(n)
    return spot, strike, tenor


def norm_cdf(x):
    k = 1.0 / (1.0 + 0.2316419 * np.abs(x))
    poly = k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
    tail = np.exp(-0.5 * x * x) * 0.3989422804 * poly
    return np.where(x >= 0, 1.0 - tail, tail)


def call_price(spot, strike, tenor, rate, vol):
    root = vol * np.sqrt(tenor)
    d1 = (np.log(spot / strike) + (rate + 0.5 * vol * vol) * tenor) / root
    d2 = d1 - root
    return spot * norm_cdf(d1) - strike * np.exp(-rate * tenor) * norm_cdf(d2)


def main():
    spot, strike, tenor = quotes(5_000_000)
    prices = call_price(spot, strike, tenor, 0.03, 0.22)
    print("mean premium", round(float(prices.mean()), 4))
    print("deepest", round(float(prices.max()), 4), "worthless", int((prices < 0.005).sum()))


if __name__ == "__main__":
    main()
