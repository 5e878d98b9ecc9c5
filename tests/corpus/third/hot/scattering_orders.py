from itertools import product

SLAB = 9


def escape(depth, pos, heading):
    if pos < 0 or pos > SLAB:
        return 1.0 if pos > SLAB else 0.0
    if depth == 0:
        return 0.0
    ahead = escape(depth - 1, pos + heading, heading)
    back = escape(depth - 1, pos - heading, -heading)
    return 0.62 * ahead + 0.31 * back


def transmission(max_depth):
    table = {}
    for depth, start in product(range(2, max_depth, 2), (0, 3, 6)):
        table[depth, start] = escape(depth, start, 1)
    return table


if __name__ == "__main__":
    t = transmission(23)
    best = max(t, key=t.get)
    print(len(t), best, f"{t[best]:.9f}")
    print(" ".join(f"{t[d, 0]:.6f}" for d in (4, 10, 16, 20)))
