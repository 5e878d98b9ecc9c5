import numpy as np


def gradient(h, w):
    y, x = np.ogrid[0:h, 0:w]
    return 0.5 + 0.5 * np.sin(x / 211.0) * np.cos(y / 173.0)


class Filmic:
    A, B, C, D, E, F = 0.22, 0.30, 0.10, 0.20, 0.01, 0.30

    def curve(self, x):
        return ((x * (self.A * x + self.C * self.B) + self.D * self.E)
                / (x * (self.A * x + self.B) + self.D * self.F)) - self.E / self.F

    def develop(self, img, stops):
        lit = img * 2.0 ** stops
        white = self.curve(11.2)
        return np.clip(self.curve(lit) / white, 0.0, 1.0) ** (1 / 2.2)


img = gradient(1400, 1800)
film = Filmic()
for stops in np.linspace(0, 3, 7):
    done = film.develop(img, stops)
    print(stops, f"{done[::40, ::40].mean():.5f}")
