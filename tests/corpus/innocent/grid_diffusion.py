import numpy as np
from scipy import sparse


def laplacian(side):
    line = sparse.diags([np.ones(side - 1), -2.0 * np.ones(side), np.ones(side - 1)], [-1, 0, 1])
    eye = sparse.identity(side)
    return (sparse.kron(line, eye) + sparse.kron(eye, line)).tocsr()


def diffuse(matrix, start, steps, rate):
    state = start
    for _ in range(steps):
        state = state + rate * (matrix @ state)
    return state


side = 300
start = np.zeros(side * side)
start[side * side // 2 + side // 2] = 1_000.0
state = diffuse(laplacian(side), start, steps=700, rate=0.2)
print(round(float(state.max()), 9), round(float(state.sum()), 6))
