import numpy as np


class Digitizer:
    def __init__(self, station, channels=3):
        self.station = station
        self.samples = np.empty((channels, 0))
        self.packets = 0

    def receive(self, packet):
        self.samples = np.hstack((self.samples, packet))
        self.packets += 1

    def peak(self):
        return float(np.abs(self.samples).max())


def packets(n, width, seed):
    t = np.arange(width) / width
    for k in range(n):
        yield np.vstack([np.sin(6.3 * t * (c + 1) + seed + k * 0.1) * (1 + k % 50) for c in range(3)])


def main():
    for seed, station in enumerate(("KEV", "LSZ")):
        unit = Digitizer(station)
        for packet in packets(1000, 120, seed):
            unit.receive(packet)
        print(unit.station, unit.packets, unit.samples.shape, round(unit.peak(), 4))


if __name__ == "__main__":
    main()
