import numpy as np
import pandas as pd

plan = pd.DataFrame({
    "name": ["calm", "breeze", "gale", "storm", "vortex", "front"],
    "speed": [0.05, 0.1, 0.22, 0.3, 0.17, 0.26],
    "decay": [0.999, 0.998, 0.997, 0.99, 0.995, 0.994],
})


def advect(speed, decay, steps=140, n=360):
    y, x = np.mgrid[0:n, 0:n] / n
    field = np.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) * 40)
    for _ in range(steps):
        gx = np.roll(field, -1, 1) - np.roll(field, 1, 1)
        gy = np.roll(field, -1, 0) - np.roll(field, 1, 0)
        field = decay * (field - speed * (gx + 0.5 * gy))
    return float(field.sum())


results = []
for _, scenario in plan.iterrows():
    total = advect(scenario["speed"], scenario["decay"])
    results.append((scenario["name"], total))
for name, total in sorted(results, key=lambda t: t[1]):
    print(f"{name:8s} {total:.4f}")
