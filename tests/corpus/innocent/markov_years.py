import numpy as np


def transition(size):
    i = np.arange(size)
    weights = 1.0 + (i[:, None] * 31 + i[None, :] * 17) % 97
    return weights / weights.sum(axis=1, keepdims=True)


def decade(month):
    year = month @ month @ month @ month @ month @ month
    year = year @ year
    return year @ year @ year @ year @ year


matrix = transition(900)
result = decade(matrix)
print(round(float(np.trace(result)), 9), result.shape)
