import numpy as np


class Plate:
    def __init__(self, n):
        self.u = np.zeros((n, n))
        self.u[0, :] = 100.0
        self.u[:, 0] = 50.0


def residual(u):
    lap = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1]
    return lap, float(np.sqrt((lap * lap).mean()))


def relax(plate, tol, cap):
    history = []
    for _ in range(cap):
        lap, size = residual(plate.u)
        history.append(size)
        if size < tol:
            break
        plate.u[1:-1, 1:-1] += 0.24 * lap
    return history


p = Plate(640)
h = relax(p, 1e-6, 200)
print(len(h), f"{h[0]:.6f} {h[-1]:.6f}", f"{p.u.mean():.6f}")
