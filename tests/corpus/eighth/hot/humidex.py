"""Felt temperature over a reanalysis grid."""
import numpy as np


def vapour(dew):
    kelvin = dew + 273.15
    return 6.11 * np.exp(5417.753 * (1 / 273.16 - 1 / kelvin))


def felt(temp, dew, wind):
    warm = temp + 0.5555 * (vapour(dew) - 10.0)
    chill = 13.12 + 0.6215 * temp + (0.3965 * temp - 11.37) * wind ** 0.16
    return np.where(temp > 15, warm, np.where(temp < 8, chill, temp))


def grid(n):
    base = np.linspace(-18.0, 34.0, n)
    return base, base * 0.8 - 3.0, 5.0 + (base * base) * 0.04


if __name__ == "__main__":
    t, d, w = grid(7_000_000)
    f = felt(t, d, w)
    print(round(float(f.min()), 2), round(float(f.max()), 2))
    print(round(float(f.mean()), 3))
