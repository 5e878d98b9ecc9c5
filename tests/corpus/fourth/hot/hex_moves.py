"""Counts board cells within reach of the centre of a hex board."""
import multiprocessing as mp
from collections import Counter


def ring_of(cell):
    q, r = cell
    s = -q - r
    return max(abs(q), abs(r), abs(s))


class Board:
    def __init__(self, radius):
        self.cells = [
            (q, r)
            for q in range(-radius, radius + 1)
            for r in range(-radius, radius + 1)
            if abs(q + r) <= radius
        ]

    def rings(self, workers=2):
        found = Counter()
        with mp.Pool(workers) as crew:
            for ring in crew.imap(ring_of, self.cells):
                found[ring] += 1
        return found


if __name__ == "__main__":
    rings = Board(92).rings()
    print(sum(rings.values()), rings[1], rings[50], rings[92])
