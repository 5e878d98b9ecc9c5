import numpy as np


def gesture(length, phase):
    t = np.linspace(0, 6, length)
    return np.sin(t + phase) + 0.3 * np.sin(5 * t)


def dtw(first, second):
    n, m = len(first), len(second)
    table = np.full((n + 1, m + 1), np.inf)
    table[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = abs(first[i - 1] - second[j - 1])
            best = min(table[i - 1, j], table[i, j - 1], table[i - 1, j - 1])
            table[i, j] = cost + best
    return table[n, m]


if __name__ == "__main__":
    distance = dtw(gesture(700, 0.0), gesture(720, 0.7))
    print(round(float(distance), 8))
