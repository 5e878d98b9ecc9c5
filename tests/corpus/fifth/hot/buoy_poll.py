import random
import time
from dataclasses import dataclass


@dataclass
class Sample:
    buoy: int
    wave: float
    temp: float


class Buoy:
    """Stand-in for the serial modem of one buoy."""

    def __init__(self, number):
        self.number = number
        self._rng = random.Random(number)

    def _handshake(self):
        time.sleep(0.015)

    def read(self):
        self._handshake()
        time.sleep(0.03)
        return Sample(self.number, round(self._rng.gammavariate(2, 0.7), 2),
                      round(self._rng.gauss(14, 2), 1))


def collect(buoys):
    return [b.read() for b in buoys]


def main():
    buoys = [Buoy(n) for n in range(28)]
    samples = collect(buoys)
    samples.sort(key=lambda s: -s.wave)
    for s in samples[:3]:
        print(s)
    print(f"{sum(s.temp for s in samples) / len(samples):.3f}")


main()
