import numpy as np

side = 1_500
grid = np.arange(side * side, dtype=np.uint32).reshape(side, side)
red = (grid * 7 % 4_001).astype(np.float64)
near = (grid * 13 % 6_007).astype(np.float64)
blue = (grid * 3 % 3_001).astype(np.float64)


def report(name, values):
    return f"{name} {float(values.mean()):.6f}"


lines = []
for gain in (1.0, 1.1, 1.2, 1.3, 1.4, 1.5):
    r = red * gain / 10_000
    n = near * gain / 10_000
    b = blue * gain / 10_000
    ndvi = (n - r) / (n + r + 1e-6)
    evi = 2.5 * (n - r) / (n + 6 * r - 7.5 * b + 10.0)
    savi = 1.5 * (n - r) / (n + r + 0.5)
    mixed = np.sqrt(np.abs(ndvi * evi)) + 0.25 * savi
    lines.append(report(f"{gain}", mixed))

print(lines[0], "|", lines[-1])
