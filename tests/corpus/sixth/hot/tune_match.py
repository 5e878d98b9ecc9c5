import math
import numpy as np


def hum(n, seed, stretch):
    rng = np.random.default_rng(seed)
    t = np.linspace(0.0, stretch, n)
    return 60 + 5 * np.sin(t) + 2 * np.sin(3.1 * t) + 0.2 * rng.standard_normal(n)


def loudness(curve):
    return float(np.mean(np.abs(curve - 60)))


def warp_cost(a, b, penalty):
    width = len(b)
    above = [math.inf] * (width + 1)
    above[0] = 0.0
    for x in a:
        left = math.inf
        row = [left]
        for j in range(width):
            diag, up = above[j], above[j + 1]
            best = diag
            if up + penalty < best:
                best = up + penalty
            if left + penalty < best:
                best = left + penalty
            left = best + abs(x - b[j])
            row.append(left)
        above = row
    return above[width]


if __name__ == "__main__":
    sung = hum(1700, 1, 20.0).tolist()
    score = hum(1500, 2, 20.6).tolist()
    print("loud %.3f" % loudness(np.array(sung)))
    print("cost %.5f" % warp_cost(sung, score, 0.05))
