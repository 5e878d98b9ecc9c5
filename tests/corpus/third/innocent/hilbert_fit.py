import numpy as np


def basis(points, degree):
    t = np.zeros((len(points), degree))
    t[:, 0] = 1.0
    t[:, 1] = points
    for k in range(2, degree):
        t[:, k] = 2 * points * t[:, k - 1] - t[:, k - 2]
    return t


def fit(points, values, degree, ridge):
    b = basis(points, degree)
    gram = np.zeros((degree, degree))
    gram += b.T @ b + ridge * np.eye(degree)
    return np.linalg.solve(gram, b.T @ values)


x = np.linspace(-1, 1, 1400)
y = np.sign(x) * np.sqrt(np.abs(x)) + 0.1 * np.sin(40 * x)
best = None
for ridge in np.logspace(-9, -4, 9):
    coef = fit(x, y, 640, ridge)
    r = np.abs(basis(x, 640) @ coef - y).max()
    if best is None or r < best[1]:
        best = (ridge, r)
print(f"{best[0]:.2e} {best[1]:.4f}")
