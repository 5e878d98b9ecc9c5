import numpy as np


class Scale:
    """Milligram noise on a silo weighing ten tons."""

    def __init__(self, offset):
        self.offset = offset

    def readings(self, n, seed):
        rng = np.random.default_rng(seed)
        return self.offset + rng.normal(0, 0.004, n)


def noise(kg):
    m = kg.mean()
    m2 = (kg * kg).mean()
    m4 = ((kg - m) ** 2 * (kg - m) ** 2).mean()
    return np.sqrt(max(m2 - m * m, 0.0)), m4


silo = Scale(10_000.0)
kg = silo.readings(3_000_000, 3)
for hour in range(18):
    sd, m4 = noise(kg[hour * 50_000:])
    if hour % 4 == 0:
        print(hour, f"{sd * 1000:.1f} g", f"{m4 ** 0.25 * 1000:.4f} g")
