import numpy as np


class String:
    def __init__(self, cells=300, c=0.45):
        self.c2 = c * c
        x = np.linspace(0, 1, cells)
        self.u = np.where(x < 0.2, x / 0.2, (1 - x) / 0.8)
        self.old = self.u.copy()

    def tick(self):
        u = self.u
        lap = u[2:] - 2 * u[1:-1] + u[:-2]
        new = np.zeros_like(u)
        new[1:-1] = 1.999 * u[1:-1] - 0.999 * self.old[1:-1] + self.c2 * lap
        self.old, self.u = u, new


s = String()
heard = []
for k in range(120_000):
    s.tick()
    if k % 24_000 == 0:
        heard.append(round(float(s.u[40]), 6))
print(heard)
