# Magnetisation of a 2-D Ising lattice near the critical point
import math

import numpy as np


def sweep(spins, prob, state):
    n = spins.shape[0]
    for _ in range(n * n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        i = (state >> 8) % n
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        j = (state >> 8) % n
        around = (spins[(i + 1) % n, j] + spins[i - 1, j]
                  + spins[i, (j + 1) % n] + spins[i, j - 1])
        cost = spins[i, j] * around
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        if cost <= 0 or (state >> 8) / 0x7FFFFF < prob[cost]:
            spins[i, j] = -spins[i, j]
    return state


def energy(spins):
    right = np.roll(spins, -1, axis=1)
    down = np.roll(spins, -1, axis=0)
    return -float((spins * (right + down)).sum()) / spins.size


lattice = np.ones((96, 96), dtype=np.int64)
table = np.array([math.exp(-2 * k / 2.3) for k in range(5)])
seed = 2024
for step in range(90):
    seed = sweep(lattice, table, seed)
    if step % 30 == 29:
        print(step + 1, f"E={energy(lattice):.4f}", f"M={lattice.mean():.4f}")
