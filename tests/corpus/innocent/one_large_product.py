import numpy as np


def wave(size):
    i = np.arange(size, dtype=float)
    return np.cos(i[:, None] * i[None, :] / size) / size


def propagate(matrix, state, steps):
    for _ in range(steps):
        state = matrix @ state
        state /= np.abs(state).max()
    return state


matrix = wave(900)
state = propagate(matrix, np.eye(900), steps=14)
print(round(float(np.trace(state)), 6), state.shape)
