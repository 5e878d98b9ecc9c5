"""Aligns two pitch contours (dynamic time warping)."""
import numpy as np


def contour(n, speed):
    t = np.linspace(0, 9, n)
    return 120 + 30 * np.sin(t * speed) + 8 * np.cos(t * 3.1)


def warp_cost(a, b):
    n, m = len(a), len(b)
    acc = np.full((n + 1, m + 1), np.inf)
    acc[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            d = abs(a[i - 1] - b[j - 1])
            acc[i, j] = d + min(acc[i - 1, j], acc[i, j - 1], acc[i - 1, j - 1])
    return acc[n, m]


def main():
    reference = contour(640, 1.0)
    for name, speed, n in (("slow", 0.9, 700), ("fast", 1.25, 520)):
        take = contour(n, speed)
        print(name, round(float(warp_cost(reference, take)), 6))


if __name__ == "__main__":
    main()
