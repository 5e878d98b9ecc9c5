import random
import sys

FILES = "abcdefgh"
PIECES = ["", "", "", "N", "B", "R", "Q", "K"]


def book(seed, n):
    rng = random.Random(seed)
    squares = [f + r for f in FILES for r in "12345678"]
    sans = [p + s for p in PIECES for s in squares]
    return [sans[int(rng.random() ** 2 * len(sans))] for _ in range(n)]


def night_log(nights):
    line = book(5, 110000)
    return line * nights


class Popularity:
    def __init__(self):
        self.seen = {}

    def read(self, tokens):
        for san in tokens:
            if san not in self.seen:
                self.seen[san] = 0
            self.seen[san] += 1
        return self.seen


if __name__ == "__main__":
    nights = int(sys.argv[1]) if len(sys.argv) > 1 else 90
    seen = Popularity().read(night_log(nights))
    best = sorted(seen.items(), key=lambda kv: (-kv[1], kv[0]))[:5]
    for san, n in best:
        print(f"{san:5s}{n}")
    print(len(seen), sum(seen.values()))
