import numpy as np
from numpy import fft


def packet(x, centre, k):
    psi = np.exp(-((x - centre) / 4.0) ** 2 + 1j * k * x)
    return psi / np.sqrt((abs(psi) ** 2).sum())


def evolve(psi, kick, drift, steps):
    for _ in range(steps):
        psi = fft.fft(psi * kick)
        psi = fft.ifft(psi * drift)
    return psi


def main():
    n = 1 << 16
    x = np.linspace(-400.0, 400.0, n, endpoint=False)
    k = 2 * np.pi * fft.fftfreq(n, x[1] - x[0])
    dt = 0.02
    kick = np.exp(-1j * dt * 0.5 * (x / 60.0) ** 2)
    drift = np.exp(-0.5j * dt * k * k)
    psi = evolve(packet(x, -30.0, 2.0), kick, drift, 260)
    w = abs(psi) ** 2
    print("norm %.10f mean %.10f" % (w.sum(), (w * x).sum()))


if __name__ == "__main__":
    main()
