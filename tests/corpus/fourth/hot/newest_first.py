"""Builds the ticker of a chess club, newest item on top."""
from dataclasses import dataclass


@dataclass
class Item:
    nr: int
    text: str
    pinned: bool


def moves(n):
    files = "abcdefgh"
    for k in range(n):
        yield Item(k, files[k % 8] + str(k * 5 % 8 + 1), k % 5000 == 0)


def build(items):
    feed = []
    pinned = []
    for it in items:
        (pinned if it.pinned else feed).insert(0, it)
    return pinned + feed


if __name__ == "__main__":
    ticker = build(moves(85_000))
    print([i.text for i in ticker[:6]], len(ticker))
    print("oldest", ticker[-1].nr, "checksum", sum(i.nr * p for p, i in enumerate(ticker)) % 10**9)
