import numpy as np


def contacts(size):
    matrix = 0.5 * np.eye(size)
    i = np.arange(size)
    matrix[i, (i + 1) % size] += 0.3
    matrix[i, (i * 7 + 5) % size] += 0.2
    return matrix


def after(matrix, doublings):
    for _ in range(doublings):
        matrix = matrix @ matrix
    return matrix


reach = after(contacts(900), doublings=16)
print(round(float(reach.max()), 9), int((reach > 0).sum()))
