"""Median waiting time over the last ships, kept as an ordered list."""
from bisect import bisect_left, insort
import random


class Window:
    def __init__(self, size):
        self.size = size
        self.ordered = []
        self.arrivals = [0] * size
        self.turn = 0

    def push(self, wait):
        if len(self.ordered) == self.size:
            gone = self.arrivals[self.turn]
            self.ordered.pop(bisect_left(self.ordered, gone))
        insort(self.ordered, wait)
        self.arrivals[self.turn] = wait
        self.turn = (self.turn + 1) % self.size
        return self.ordered[len(self.ordered) // 2]


rng = random.Random(1869)
window = Window(20_000)
trace = []
for ship in range(160_000):
    median = window.push(rng.randrange(1_000_000) + ship)
    if ship % 20_000 == 0:
        trace.append(median)
print(trace)
