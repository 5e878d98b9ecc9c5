"""Freight consists checked against the register of condemned stock."""
import argparse
import random
from dataclasses import dataclass, field


@dataclass
class YardBook:
    depot: str
    condemned: list = field(default_factory=list)

    def condemn(self, number):
        self.condemned.append(number)

    def fit(self, number):
        return number not in self.condemned


def number_of(rng):
    return f"{rng.randrange(21, 88)} {rng.randrange(100000, 999999)}"


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--consists", type=int, default=420)
    opts = ap.parse_args()
    rng = random.Random(1847)
    book = YardBook("Crewe")
    for _ in range(2600):
        book.condemn(number_of(rng))
    refused = 0
    longest = 0
    for _ in range(opts.consists):
        consist = [number_of(rng) for _ in range(30)]
        good = [w for w in consist if book.fit(w)]
        refused += len(consist) - len(good)
        longest = max(longest, len(good))
    print(book.depot, opts.consists, "refused", refused, "longest", longest)


if __name__ == "__main__":
    main()
