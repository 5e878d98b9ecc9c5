from multiprocessing import Pool

import numpy as np

ARRAYS = ["NORSAR", "ARCES", "GERES", "ILAR", "YKA", "WRA"]


def covariance(name, sensors):
    rng = np.random.default_rng(sum(map(ord, name)))
    x = rng.normal(size=(sensors, sensors))
    return x @ x.T / sensors + np.eye(sensors)


def spectrum(name, sensors=130, sweeps=1):
    c = covariance(name, sensors)
    for _ in range(sweeps):
        q, r = np.linalg.qr(c)
        c = r @ q
    return name, float(c.diagonal().max()), float(np.trace(c))


def main():
    with Pool(2) as pool:
        found = pool.map(spectrum, ARRAYS, chunksize=1)
    for name, top, power in found:
        print(f"{name:8s}{top:9.3f}{power:11.3f}")


if __name__ == "__main__":
    main()
