import numpy as np

SPECIES = [("Ar", 3.40, 0.238), ("Kr", 3.65, 0.325), ("Xe", 3.98, 0.453)]


def distances(n):
    rng = np.random.default_rng(6)
    r = rng.random(n)
    r *= 9.0
    r += 3.0
    return r


def mean_energy(r, sigma, eps, screening=4.5, cut=11.0):
    ratio = sigma / r
    p6 = ratio * ratio * ratio
    p6 = p6 * p6
    lj = 4.0 * eps * (p6 * p6 - p6)
    tail = 0.8 * np.exp(-r / screening) / r
    switch = 1.0 - np.clip((r - 9.0) / (cut - 9.0), 0.0, 1.0)
    switch = switch * switch * (3.0 - 2.0 * switch)
    total = (lj + tail) * switch
    return total.mean()


def main():
    r = distances(3_000_000)
    for name, sigma, eps in SPECIES:
        print(name, "%.5f" % mean_energy(r, sigma, eps))


if __name__ == "__main__":
    main()
