"""Allan variance of a clock whose readings are nanoseconds since an epoch."""
import numpy as np


def readings(n, seed):
    g = np.random.default_rng(seed)
    return 1.7e9 + np.arange(n) * 1e-3 + g.normal(0, 1e-6, n)


def allan(x, m):
    d = x[2 * m:] - 2 * x[m:-m] + x[:-2 * m]
    return float((d * d).mean() / (2.0 * (m * 1e-3) ** 2))


class Report:
    def __init__(self):
        self.rows = []

    def add(self, m, value):
        self.rows.append((m, value))

    def show(self):
        for m, value in self.rows:
            print(f"{m:6d} {value ** 0.5:.3e}")


x = readings(6_000_000, 14)
report = Report()
for m in (1, 2, 5, 10, 20, 50, 100, 200, 400, 700, 1000, 2000):
    report.add(m, allan(x, m))
report.show()
