import numpy as np


class PeakFinder:
    def __init__(self, threshold):
        self.threshold = threshold
        self.at = np.empty(0)
        self.height = np.empty(0)

    def note(self, when, value):
        self.at = np.append(self.at, when)
        self.height = np.append(self.height, value)

    def scan(self, signal, rate):
        prev, cur = signal[0], signal[1]
        for i, nxt in enumerate(signal[2:], start=1):
            if cur > self.threshold and prev < cur >= nxt:
                self.note(i / rate, cur)
            prev, cur = cur, nxt


def detector_signal(n):
    t = np.arange(n)
    rng = np.random.default_rng(9)
    return (np.sin(t * 1.9) + rng.normal(0, 0.4, n)).tolist()


finder = PeakFinder(0.2)
finder.scan(detector_signal(170_000), 250.0)
gaps = np.diff(finder.at)
print("peaks", finder.at.size, "mean height", round(float(finder.height.mean()), 4))
print("median gap", float(np.median(gaps)))
