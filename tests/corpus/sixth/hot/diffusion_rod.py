import numpy as np
from numpy.linalg import solve


class Rod:
    def __init__(self, cells, alpha):
        self.cells = cells
        self.c = np.exp(-((np.arange(cells) - cells / 3) / 40.0) ** 2)
        self.alpha = alpha

    def stencil(self, sink):
        a = self.alpha * (1.0 + 0.1 * sink)
        m = np.eye(self.cells) * (1 + 2 * a)
        k = np.arange(self.cells - 1)
        m[k, k + 1] = m[k + 1, k] = -a
        m[0, 0] = m[-1, -1] = 1 + a
        return m

    def step(self, sink):
        left = self.stencil(sink)
        self.c = solve(left, self.c)

    def mass(self):
        return float(self.c.sum())


def main():
    rod = Rod(1300, 40.0)
    for month in range(9):
        rod.step(np.sin(month))
        if month % 3 == 2:
            print(month, f"{rod.mass():.3f}", f"{rod.c.max():.4f}")


if __name__ == "__main__":
    main()
