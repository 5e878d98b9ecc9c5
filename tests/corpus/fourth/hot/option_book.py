import numpy as np


def ncdf(z):
    """Abramowitz and Stegun 7.1.26 by way of the error function."""
    x = np.abs(z) / np.sqrt(2.0)
    t = 1.0 / (1.0 + 0.3275911 * x)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = 1.0 - poly * np.exp(-x * x)
    return 0.5 * (1.0 + np.sign(z) * erf)


def premium(spot, strike, vol, years, rate):
    root = vol * np.sqrt(years)
    d1 = (np.log(spot / strike) + (rate + 0.5 * vol * vol) * years) / root
    return spot * ncdf(d1) - strike * np.exp(-rate * years) * ncdf(d1 - root)


rng = np.random.default_rng(70)
n = 2_500_000
spot = rng.uniform(40, 160, n)
strike = spot * rng.uniform(0.7, 1.3, n)
vol = rng.uniform(0.1, 0.6, n)
years = rng.uniform(0.05, 3, n)
for rate in (0.01, 0.02, 0.035, 0.045):
    v = premium(spot, strike, vol, years, rate)
    print(rate, f"{v.sum():.6f} {v.max():.8f}")
