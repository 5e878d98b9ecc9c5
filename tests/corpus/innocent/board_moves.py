import numpy as np


def move_matrix(squares):
    matrix = np.zeros((squares, squares))
    for square in range(squares):
        matrix[(square + 1) % squares, square] = 0.5
        matrix[(square + 2) % squares, square] = 0.5
    return matrix


def occupancy(matrix, turns):
    state = np.zeros(len(matrix))
    state[0] = 1.0
    visits = 0.0
    for turn in range(turns):
        state = matrix @ state
        state[turn % 10] += 1e-6
        visits = max(visits, state[3])
    return visits, state


visits, state = occupancy(move_matrix(10), 320_000)
print(round(float(visits), 9), round(float(state.sum()), 9))
