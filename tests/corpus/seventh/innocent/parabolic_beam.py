import numpy as np
from numpy.fft import fft, fftfreq, ifft


class Medium:
    def __init__(self, n, width, speed):
        self.n = n
        self.z = (np.arange(n) - n / 2) * (width / n)
        self.k = 2 * np.pi * fftfreq(n, width / n)
        self.speed = speed

    def start(self):
        return np.exp(-((self.z / 40.0) ** 2)).astype(complex)


def march(medium, steps, dr):
    field = medium.start()
    spread = np.exp(-0.5j * dr * medium.k ** 2 / 30.0)
    screen = np.exp(1j * dr * np.cos(medium.z / medium.speed))
    for _ in range(steps):
        spec = fft(field)
        spec *= spread
        field = ifft(spec)
        field *= screen
    return field


if __name__ == "__main__":
    m = Medium(135_135, 9000.0, 77.0)
    field = march(m, 130, 0.25)
    power = np.abs(field) ** 2
    print(f"{power.sum():.11e} {power.max():.11e} {int(power.argmax())}")
