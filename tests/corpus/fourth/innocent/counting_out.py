"""A counting-out rhyme whose step grows each round."""


def count_out(n, step):
    ring = list(range(1, n + 1))
    at = 0
    order = []
    while len(ring) > 1:
        at = (at + step) % len(ring)
        order.append(ring.pop(at))
        step = step * 5 % 10_007 + 1
    return ring[0], order


def main():
    survivor, order = count_out(160_000, 3)
    digest = 0
    for k in order[::50]:
        digest = (digest * 33 + k) % 999_983
    print("survivor", survivor, "digest", digest)


main()
