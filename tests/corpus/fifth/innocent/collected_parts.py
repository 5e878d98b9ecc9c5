"""Simulated photon arrival times of a list of pulsars."""
import numpy as np


class Pulsar:
    def __init__(self, number):
        self.period = 0.03 + 0.011 * number
        self.rng = np.random.default_rng(number)

    def photons(self, n):
        phase = np.sort(self.rng.vonmises(0, 2.5, n))
        turn = np.sort(self.rng.integers(0, 5000, n))
        return (turn + phase / (2 * np.pi)) * self.period


def observe(pulsars, n):
    parts = []
    for p in pulsars:
        parts.append(p.photons(n))
    return np.concatenate(parts)


arrivals = observe([Pulsar(k) for k in range(30)], 60_000)
arrivals.sort()
gaps = np.diff(arrivals)
print(len(arrivals), f"{arrivals[-1]:.4f} {np.median(gaps):.3e}")
