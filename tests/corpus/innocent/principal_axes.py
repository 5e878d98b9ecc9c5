import numpy as np


def covariance(size):
    i = np.arange(size)
    return np.exp(-np.abs(i[:, None] - i[None, :]) / 40.0)


def leading_axes(matrix, count, steps):
    basis = np.eye(len(matrix), count)
    for _ in range(steps):
        basis, upper = np.linalg.qr(matrix @ basis)
    return np.sort(np.abs(np.diag(upper)))[::-1]


values = leading_axes(covariance(400), count=50, steps=30)
print([round(float(v), 4) for v in values[:3]])
