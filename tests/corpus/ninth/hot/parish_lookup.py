import math
import random


def boundary(n):
    xs, ys = [], []
    for k in range(n):
        a = 2 * math.pi * k / n
        r = 10 + 2 * math.sin(7 * a) + 0.5 * math.cos(31 * a)
        xs.append(r * math.cos(a))
        ys.append(r * math.sin(a))
    return tuple(xs), tuple(ys)


def within(px, py, xs, ys):
    odd = False
    j = len(xs) - 1
    for i in range(len(xs)):
        if (ys[i] > py) != (ys[j] > py):
            cut = (xs[j] - xs[i]) * (py - ys[i]) / (ys[j] - ys[i]) + xs[i]
            if px < cut:
                odd = not odd
        j = i
    return odd


def main():
    rng = random.Random(6)
    xs, ys = boundary(2500)
    farms = [(rng.uniform(-13, 13), rng.uniform(-13, 13)) for _ in range(9000)]
    inside = [f for f in farms if within(f[0], f[1], xs, ys)]
    print("farms", len(farms), "in parish", len(inside))
    print("easternmost %.3f" % max(x for x, _ in inside))


if __name__ == "__main__":
    main()
