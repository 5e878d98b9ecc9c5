import random


class Belt:
    def __init__(self):
        self._q = []
        self.moved = 0

    def __len__(self):
        return len(self._q)

    def feed(self, parcel):
        self._q.append(parcel)

    def take(self):
        parcel = self._q[0]
        del self._q[0]
        self.moved += 1
        return parcel


def day(rng, belt, minutes):
    bins = {}
    peak = 0
    for minute in range(minutes):
        for _ in range(rng.randrange(60, 140)):
            belt.feed((minute, rng.randrange(30), rng.random()))
        for _ in range(70):
            if not belt:
                break
            born, dest, kg = belt.take()
            if kg > 0.98 and minute - born < 3:
                belt.feed((minute, dest, 0.5))
            bins[dest] = bins.get(dest, 0.0) + kg
        peak = max(peak, len(belt))
    return bins, peak


bins, peak = day(random.Random(5), belt := Belt(), 2200)
print(belt.moved, len(belt), peak)
print(round(sum(bins.values()), 3))
