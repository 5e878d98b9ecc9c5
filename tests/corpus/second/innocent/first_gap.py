import numpy as np


def stamps(n, seed):
    g = np.random.default_rng(seed)
    t = g.integers(0, 40 * n, n)
    return t


def first_pause(times, limit):
    ordered = np.sort(times)
    for i in range(1, len(ordered)):
        if ordered[i] - ordered[i - 1] > limit:
            return i, int(ordered[i])
    return None


def main():
    for day in range(8):
        t = stamps(2_000_000, day)
        i, when = first_pause(t, 150)
        print(f"day {day}: pause after {i} requests at {when}")


if __name__ == "__main__":
    main()
