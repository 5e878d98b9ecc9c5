import lzma

import numpy as np


def cube_roots(values):
    roots = np.empty(len(values))
    for i in range(len(values)):
        x = values[i]
        for _ in range(6):
            x = x - (x**3 - values[i]) / (3 * x * x)
        roots[i] = x
    return roots


def pack(roots):
    text = ",".join(f"{root:.6f}" for root in roots) * 90_000
    return len(lzma.compress(text.encode(), preset=6))


roots = cube_roots(np.array([8.0, 27.0, 5.0, 1.5, 64.0, 2.0, 10.0, 3.0]))
print(roots.round(6).tolist()[:2], pack(roots) > 0)
