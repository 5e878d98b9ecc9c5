"""Bottling line: crates wait between the washer and the filler."""
import random


class Conveyor:
    def __init__(self, crates):
        self.belt = list(crates)
        self.filled = 0

    def feed(self, crate):
        self.belt.insert(0, crate)

    def fill(self):
        crate = self.belt.pop()
        self.filled += crate & 15
        return crate


def run(minutes):
    rng = random.Random(1516)
    line = Conveyor(rng.randrange(1000) for _ in range(70_000))
    wasted = 0
    for minute in range(minutes):
        for _ in range(rng.choice((8, 10, 12))):
            line.feed(rng.randrange(1000))
        for _ in range(10):
            crate = line.fill()
            if crate % 97 == 0:
                wasted += 1
    return line, wasted


line, wasted = run(2600)
print("filled", line.filled)
print("waiting", len(line.belt), "wasted", wasted)
