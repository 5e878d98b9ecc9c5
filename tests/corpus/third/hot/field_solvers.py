from concurrent.futures import ProcessPoolExecutor
import numpy as np


class PanelModel:
    def __init__(self, n):
        self.n = n

    def response(self, angle):
        t = np.linspace(0, 2 * np.pi, self.n, endpoint=False)
        x, y = np.cos(t), 0.3 * np.sin(t)
        r2 = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2 + 0.01
        a = np.log(r2) + np.eye(self.n) * 30
        lift = np.linalg.solve(a, np.outer(np.cos(t - angle), np.ones(60)))
        return float((a @ lift).sum() + lift[:, 0] @ y)


def run(angles, workers):
    model = PanelModel(520)
    with ProcessPoolExecutor(max_workers=workers) as ex:
        return list(ex.map(model.response, angles, chunksize=4))


if __name__ == "__main__":
    angles = np.linspace(-0.3, 0.3, 20)
    lifts = run(angles, 4)
    print(len(lifts), f"{lifts[0]:.6f} {lifts[10]:.6f} {max(lifts):.6f}")
