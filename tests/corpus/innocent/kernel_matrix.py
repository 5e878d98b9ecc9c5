import numpy as np


def kernel(points, length):
    size = len(points)
    matrix = np.zeros((size, size))
    for i in range(size):
        matrix[i] = np.abs(points - points[i])
    return 1.0 / (1.0 + matrix / length)


def log_evidence(points, targets, length, noise=1e-6):
    gram = kernel(points, length) + noise * np.eye(len(points))
    factor = np.linalg.cholesky(gram)
    weights = np.linalg.solve(gram, targets)
    return -0.5 * targets @ weights - np.log(np.diag(factor)).sum()


points = np.linspace(0, 10, 1_400) + 0.001 * np.sin(np.arange(1_400))
value = log_evidence(points, np.cos(points), length=2.0)
print(round(float(value), 3))
