import numpy as np


def lattice(side, seed):
    rng = np.random.default_rng(seed)
    g = np.stack(np.meshgrid(*[np.arange(side)] * 3), -1).reshape(-1, 3).astype(float)
    return g * 1.2 + rng.normal(0, 0.03, g.shape)


def pair_energy(pos, box, cutoff):
    n = len(pos)
    e = 0.0
    pairs = 0
    for i in range(n - 1):
        for j in range(i + 1, n):
            r2 = 0.0
            for k in range(3):
                d = pos[i, k] - pos[j, k]
                d -= box * round(d / box)
                r2 += d * d
            if r2 < cutoff * cutoff:
                s6 = 1.0 / (r2 * r2 * r2)
                e += 4.0 * (s6 * s6 - s6)
                pairs += 1
    return e, pairs


side = 9
pos = lattice(side, 4)
energy, pairs = pair_energy(pos, side * 1.2, 2.5)
print(pairs, f"{energy:.6f}", f"{energy / len(pos):.6f}")
