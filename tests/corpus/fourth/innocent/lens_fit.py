import numpy as np


def design(angle, degree):
    return np.vander(angle, degree + 1, increasing=True)


def fit(angle, shift, degree):
    a = design(angle, degree)
    q, r = np.linalg.qr(a)
    coef = np.linalg.solve(r, q.T @ shift)
    return coef, np.linalg.cond(r)


angle = np.linspace(0.0, 1.0, 110_000)
true = np.cos(6 * angle) * np.exp(-angle)
for degree in (9, 12, 14):
    coef, cond = fit(angle, true, degree)
    err = np.abs(design(angle, degree) @ coef - true).max()
    print(degree, f"{coef[1]:.8f} {coef[2]:.6f}", "ok" if err < 1e-4 else "bad", cond > 1e4)
