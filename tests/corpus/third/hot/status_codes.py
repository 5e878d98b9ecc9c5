import random
from collections import namedtuple

Event = namedtuple("Event", "device code level")


def telemetry(n):
    r = random.Random(41)
    codes = ["E%03d" % i for i in range(40)]
    picks = r.choices(codes, k=n)
    return [Event(i % 97, c, "warn") for i, c in enumerate(picks)]


class Board:
    def __init__(self):
        self.table = {}

    def see(self, code):
        try:
            self.table[code] += 1
        except KeyError:
            self.table[code] = 1


def tally(codes):
    board = Board()
    for c in codes:
        board.see(c)
    return board.table


def shares(table):
    total = sum(table.values())
    return {k: round(100 * v / total, 3) for k, v in sorted(table.items())}


events = telemetry(200_000)
column = [e.code for e in events]
for _ in range(40):
    overview = tally(column)
pct = shares(overview)
print(len(pct), max(pct, key=pct.get), max(pct.values()))
