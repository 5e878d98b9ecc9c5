import numpy as np


class Rod:
    def __init__(self, cells, k):
        self.temp = np.full(cells, 20.0)
        self.temp[cells // 3:cells // 2] = 180.0
        self.k = k

    def system(self, dt):
        n = self.temp.size
        a = np.eye(n)
        lam = self.k * dt * n * n
        i = np.arange(n)
        a[i, i] += 2 * lam
        a[i[1:], i[:-1]] -= lam
        a[i[:-1], i[1:]] -= lam
        a[0, 0] -= lam
        a[-1, -1] -= lam
        return a

    def advance(self, dt):
        self.temp = np.linalg.solve(self.system(dt), self.temp)


rod = Rod(1000, 1e-4)
t, dt = 0.0, 0.002
for step in range(7):
    rod.advance(dt)
    t += dt
    dt *= 1.2
print(f"t={t:.5f} max={rod.temp.max():.5f} mean={rod.temp.mean():.6f}")
print(np.round(rod.temp[::200], 4).tolist())
