"""Abelian sandpile, the toy at the end of chapter 4."""
import sys

import numpy as np


class Heap:
    def __init__(self, side, grains):
        self.cells = np.zeros((side, side), dtype=np.int64)
        self.cells[side // 2, side // 2] = grains
        self.topples = 0

    def settle(self):
        while True:
            fallen = relax(self.cells)
            self.topples += fallen
            if fallen == 0:
                return self


def relax(cells):
    rows, cols = cells.shape
    fallen = 0
    for y in range(1, rows - 1):
        for x in range(1, cols - 1):
            if cells[y, x] >= 4:
                share = cells[y, x] // 4
                cells[y, x] -= 4 * share
                cells[y - 1, x] += share
                cells[y + 1, x] += share
                cells[y, x - 1] += share
                cells[y, x + 1] += share
                fallen += share
    return int(fallen)


def main(argv):
    grains = int(argv[1]) if len(argv) > 1 else 4200
    heap = Heap(61, grains).settle()
    print("topples", heap.topples)
    print("histogram", np.bincount(heap.cells[1:-1, 1:-1].ravel()).tolist())
    print("grains", int(heap.cells.sum()))


if __name__ == "__main__":
    main(sys.argv)
