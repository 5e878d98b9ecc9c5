"""How many pupils two courses have in common."""
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Enrolment:
    pupils: int
    courses: int
    table: np.ndarray = field(init=False)

    def __post_init__(self):
        self.table = np.zeros((self.pupils, self.courses))

    def fill(self, per_pupil=5, seed=13):
        g = np.random.default_rng(seed)
        picks = g.integers(0, self.courses, (self.pupils, per_pupil))
        for column in picks.T:
            self.table[np.arange(self.pupils), column] = 1
        return self

    def clashes(self):
        both = self.table.T @ self.table
        np.fill_diagonal(both, 0)
        return both


def main():
    school = Enrolment(12_000, 1600).fill()
    both = school.clashes()
    a, b = divmod(int(both.argmax()), both.shape[1])
    print("pairs sharing someone", int((both > 0).sum()) // 2)
    print("worst pair", a, b, int(both.max()))
    print("exam slots free of clash with 0:", int((both[0] == 0).sum()))


main()
