# Cooling of a steel rod whose conductivity changes with time
import numpy as np


def stencil(n, kappa):
    """Second difference with insulated ends."""
    a = np.eye(n) * (1 + 2 * kappa)
    a -= kappa * (np.eye(n, k=1) + np.eye(n, k=-1))
    a[0, 0] = a[-1, -1] = 1 + kappa
    return a


class Rod:
    def __init__(self, cells):
        x = np.linspace(0, 1, cells)
        self.temp = 300 + 500 * np.exp(-((x - 0.3) / 0.05) ** 2)
        self.clock = 0.0

    def advance(self, h):
        kappa = h * (4000 + 1500 * np.sin(self.clock))
        m = stencil(self.temp.size, kappa)
        self.temp = np.linalg.solve(m, self.temp)
        self.clock += h


rod = Rod(800)
for tick in range(8):
    rod.advance(0.05)
    if tick % 4 == 3:
        print(f"t={rod.clock:.2f} max={rod.temp.max():.4f} mean={rod.temp.mean():.4f}")
