from concurrent.futures import ThreadPoolExecutor

import numpy as np


class Tile:
    def __init__(self, number, points=260):
        rng = np.random.default_rng(number)
        self.xy = rng.random((points, 2)) * 10
        self.z = np.sin(self.xy[:, 0]) + 0.1 * self.xy[:, 1] + rng.normal(0, 0.05, points)

    def krige(self):
        d = np.hypot(*(self.xy[:, None, :] - self.xy[None, :, :]).transpose(2, 0, 1))
        cov = np.exp(-d / 2.5) + 0.05 * np.eye(len(d))
        low = np.linalg.cholesky(cov)
        half = np.linalg.inv(low)
        w = half.T @ (half @ self.z)
        return float(self.z @ w), 2 * float(np.log(low.diagonal()).sum())


tiles = [Tile(k) for k in range(22)]
with ThreadPoolExecutor(3) as ex:
    fits = list(ex.map(Tile.krige, tiles))
print(len(fits), round(sum(f for f, _ in fits), 3), round(sum(l for _, l in fits), 3))
