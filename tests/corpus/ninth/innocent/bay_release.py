import bisect
import random


class Bays:
    def __init__(self, n):
        self.free = n
        self.leaving = []

    def park(self, until, plate):
        bisect.insort(self.leaving, (until, plate))
        self.free -= 1

    def tick(self, now):
        out = []
        while self.leaving and self.leaving[0][0] <= now:
            out.append(self.leaving.pop(0)[1])
            self.free += 1
        return out


def simulate(minutes, rng):
    bays = Bays(4000)
    refused = 0
    gone = 0
    for now in range(minutes):
        for _ in range(10):
            if bays.free:
                bays.park(now + rng.randrange(5, 900), f"P{rng.randrange(10**6):06d}")
            else:
                refused += 1
        gone += len(bays.tick(now))
    return gone, refused, bays.free


print("gone %d refused %d free %d" % simulate(45000, random.Random(8)))
