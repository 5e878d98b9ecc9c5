import numpy as np


def design(n, width):
    d = np.subtract.outer(np.linspace(0, 1, n), np.linspace(0, 1, n))
    return np.exp(-np.abs(d) / width) + np.exp(-(d / width) ** 2)


def kriging(n, width, rounds):
    k = design(n, width)
    k[np.diag_indices(n)] += 1e-10
    y = np.sin(9 * np.linspace(0, 1, n))
    out = []
    for r in range(rounds):
        w = np.linalg.solve(k, y)
        y = y + 1e-3 * np.cos(np.arange(n) * (r + 1) / n)
        out.append(float(np.abs(w).sum()))
    return out


if __name__ == "__main__":
    values = kriging(1100, 300.0, 5)
    print([f"{v:.4g}" for v in values])
