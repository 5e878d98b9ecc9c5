import random
import sys

SYLLABLES = "whan that a pril with his shou res soo te the drogh te of march hath per ced to roo".split()


def poem(feet):
    rnd = random.Random(1387)
    return "".join(rnd.choice(SYLLABLES) + (" " if rnd.random() < 0.4 else "") for _ in range(feet))


class Scanner:
    """Assigns long and short marks to the vowels of a verse."""

    LONG = ("a", "e", "o")

    def __init__(self):
        self.marks = 0
        self.balance = 0

    def feed(self, text):
        prev = " "
        for ch in text:
            if ch in self.LONG and prev not in self.LONG:
                self.balance += 1
                self.marks += 1
            elif ch in ("i", "u", "y"):
                self.balance -= 1
                self.marks += 1
            prev = ch


def run(feet):
    s = Scanner()
    s.feed(poem(feet))
    return s


if __name__ == "__main__":
    s = run(1_300_000)
    print(s.marks, s.balance, sys.byteorder in ("little", "big"))
