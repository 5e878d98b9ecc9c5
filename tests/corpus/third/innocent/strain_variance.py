import numpy as np


class Gauge:
    OFFSET = 250_000.0

    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        self.raw = self.OFFSET + rng.normal(0, 2e-3, n)

    def moments(self, drift):
        x = self.raw - drift * np.linspace(0, 1, self.raw.size)
        d = x - x.mean()
        m2 = (d * d).mean()
        m3 = (d * d * d).mean()
        return m2, m3 / m2 ** 1.5


g = Gauge(2_400_000, 6)
rows = []
for drift in np.linspace(-0.002, 0.002, 9):
    m2, skew = g.moments(drift)
    rows.append((m2, skew))
for m2, skew in rows[::3]:
    print(f"{m2:.9e} {skew:.8f}")
