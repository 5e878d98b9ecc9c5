import numpy as np


def shares(n):
    rng = np.random.default_rng(52)
    m = np.tril(rng.random((n, n)))
    m /= m.sum(axis=0)
    return m


def settle(m, load, rounds):
    drift, start = 0.0, load
    for _ in range(rounds):
        new = m @ load
        new = 0.85 * new + 0.15 * start
        drift = float(np.abs(new - load).max())
        load = new
    return load, drift


def main():
    n = 2200
    m = shares(n)
    print("empty cells %.2f" % (1 - np.count_nonzero(m) / m.size))
    load, drift = settle(m, np.linspace(1, 2, n), 160)
    print("%.12f %.12e" % (load[n // 2], drift))


if __name__ == "__main__":
    main()
