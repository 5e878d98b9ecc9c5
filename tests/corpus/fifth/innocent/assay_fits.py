# One melting-curve fit for each row of a small plate
import numpy as np
import pandas as pd


def plate():
    g = np.random.default_rng(3)
    return pd.DataFrame({
        "well": [f"{r}{c}" for r in "ABCD" for c in range(1, 11)],
        "dose": g.uniform(0.1, 9, 40).round(2),
        "degree": g.integers(80, 110, 40),
    })


def melting_point(dose, degree):
    k = np.arange(degree)
    kernel = np.exp(-np.abs(k[:, None] - k[None, :]) / (5 + dose))
    kernel[np.diag_indices(degree)] += dose / 10
    kernel[0, :] += 0.25
    values = np.linalg.eigvals(kernel)
    return float(np.sort(values.real)[-3:].mean())


wells = plate()
points = []
for _, row in wells.iterrows():
    points.append(melting_point(row["dose"], int(row["degree"])))
wells["tm"] = points
print(wells.sort_values("tm").tail(3).round(3).to_string(index=False))
print(round(wells["tm"].mean(), 4))
