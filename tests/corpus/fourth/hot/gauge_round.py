"""Morning round along the river gauges (driver with settling time)."""
import math
import statistics
import time


class Gauge:
    settle = 0.045

    def __init__(self, km):
        self.km = km
        self._ready = False

    def wake(self):
        deadline = time.monotonic() + self.settle
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(left)
        self._ready = True

    def level(self):
        if not self._ready:
            self.wake()
        return round(2.0 + math.sin(self.km / 9), 4)


def survey(gauges):
    return {g.km: g.level() for g in gauges}


if __name__ == "__main__":
    levels = survey([Gauge(k * 3) for k in range(24)])
    print(len(levels), "gauges, median", statistics.median(levels.values()), "max", max(levels.values()))
