"""How often each move occurs in a club's game archive, by side."""
import random

MOVES = ["e4", "e5", "Nf3", "Nc6", "Bb5", "a6", "d4", "exd4", "O-O", "c5", "d6", "g6"]


def archive(games, plies):
    r = random.Random(77)
    templates = [r.choices(MOVES, k=plies) for _ in range(40)]
    return [templates[(g * 7) % 40] for g in range(games)]


class SideBook:
    def __init__(self, colour):
        self.colour = colour
        self.played = {}

    def note(self, move):
        if move in self.played:
            self.played[move] = self.played[move] + 1
        else:
            self.played[move] = 1

    def study(self, lines):
        first = 0 if self.colour == "white" else 1
        for line in lines:
            for move in line[first::2]:
                self.note(move)
        return self


games = archive(80_000, 90)
for colour in ("white", "black"):
    book = SideBook(colour).study(games)
    print(colour, sum(book.played.values()), "moves")
    for m in sorted(book.played, key=lambda m: (-book.played[m], m))[:3]:
        print(f"  {m:<5}{book.played[m]:8d}")
