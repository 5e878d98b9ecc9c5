from bisect import bisect_left
import random


class Board:
    def __init__(self, entries):
        self.entries = sorted(entries)

    def admit(self, severity, name):
        at = bisect_left(self.entries, (severity, name))
        self.entries.insert(at, (severity, name))

    def release(self, rank):
        return self.entries.pop(rank)

    def middle(self):
        return self.entries[len(self.entries) // 2]


def main():
    gen = random.Random(28)
    board = Board((gen.random(), f"p{k}") for k in range(150_000))
    gone = 0.0
    for k in range(16_000):
        board.admit(gen.random(), f"q{k}")
        leave = gen.randrange(len(board.entries) // 3, len(board.entries) // 2)
        gone += board.release(leave)[0]
    print("%.6f" % gone, board.middle()[1], len(board.entries))


if __name__ == "__main__":
    main()
