from fractions import Fraction

import numpy as np


def bernoulli_numbers(count):
    row = np.zeros(count + 1, dtype=object)
    result = np.zeros(count + 1, dtype=object)
    for m in range(count + 1):
        row[m] = Fraction(1, m + 1)
        for j in range(m, 0, -1):
            row[j - 1] = j * (row[j - 1] - row[j])
        result[m] = row[0]
    return result


numbers = bernoulli_numbers(260)
print(numbers[10], numbers[160].denominator)
