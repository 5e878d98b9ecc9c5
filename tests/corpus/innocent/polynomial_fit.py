import numpy as np


def decay_curve(x):
    return np.exp(-3.0 * x) * np.cos(9.0 * x)


def fit(x, y, degree):
    design = np.vander(x, degree + 1)
    coefficients, _, rank, singular = np.linalg.lstsq(design, y, rcond=None)
    return coefficients, int(rank), float(singular[0] / singular[-1])


def largest_error(coefficients, x, y):
    return float(np.abs(np.polyval(coefficients, x) - y).max())


x = np.linspace(0.0, 1.0, 130_000)
y = decay_curve(x)
coefficients, rank, condition = fit(x, y, degree=13)
print(rank, condition > 1e8, largest_error(coefficients, x[::100], y[::100]) < 1e-6)
