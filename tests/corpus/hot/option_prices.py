import numpy as np


def normal_cdf(x):
    return 0.5 * (1.0 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


def call_price(spot, strike, years, rate, sigma):
    root = sigma * np.sqrt(years)
    d1 = (np.log(spot / strike) + (rate + 0.5 * sigma * sigma) * years) / root
    d2 = d1 - root
    return spot * normal_cdf(d1) - strike * np.exp(-rate * years) * normal_cdf(d2)


def main():
    size = 3_000_000
    spot = np.linspace(50.0, 150.0, size)
    strike = np.full(size, 100.0)
    years = np.linspace(3.0, 0.1, size)
    price = call_price(spot, strike, years, rate=0.02, sigma=0.3)
    print(round(float(price.mean()), 6), round(float(price.max()), 6))


main()
