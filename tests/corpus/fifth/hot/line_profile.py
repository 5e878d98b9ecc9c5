"""Pseudo-Voigt line profile of a hydrogen line on a fine wavelength grid."""
import numpy as np

CENTRE = 656.28


def grid(lo, hi, n):
    return np.linspace(lo, hi, n)


def emission(wave, width, mix):
    x = (wave - CENTRE) / width
    gauss = np.exp(-0.6931 * x * x)
    lorentz = 1.0 / (1.0 + x ** 2)
    wing = np.sqrt(np.abs(x) + 1.0) * np.tanh(0.01 * x)
    return mix * lorentz + (1.0 - mix) * gauss + 1e-3 * wing * np.cos(x)


def equivalent_width(wave, flux):
    step = wave[1] - wave[0]
    return float(flux.sum() * step)


def main():
    wave = grid(600.0, 710.0, 3_000_000)
    for width, mix in ((0.8, 0.3), (1.5, 0.6), (2.5, 0.1)):
        flux = emission(wave, width, mix)
        print(f"{width:4.1f} {mix:4.1f} {equivalent_width(wave, flux):.5f}")


main()
