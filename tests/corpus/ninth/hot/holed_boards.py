import random
from typing import NamedTuple


class Board(NamedTuple):
    size: int
    holes: tuple


def place(row, size, cols, left, right, holes):
    if row == size:
        return 1
    total = 0
    free = ~(cols | left | right | holes[row]) & ((1 << size) - 1)
    while free:
        bit = free & -free
        free ^= bit
        total += place(row + 1, size, cols | bit, (left | bit) << 1, (right | bit) >> 1, holes)
    return total


def queens(board):
    return place(0, board.size, 0, 0, 0, board.holes)


def boards(n, rng):
    for _ in range(n):
        yield Board(11, tuple(1 << rng.randrange(11) for _ in range(11)))


results = {}
for board in boards(40, random.Random(31)):
    results[board] = queens(board)
ranked = sorted(results.values())
print("boards", len(ranked), "fewest", ranked[0], "most", ranked[-1], "sum", sum(ranked))
