"""Applies the department's grading curve to the raw marks."""
import numpy as np
import pandas as pd

PASS = 55.0


class GradeBook:
    def __init__(self, frame):
        self.frame = frame

    def curve(self, lift):
        f = self.frame
        f["final"] = 0.0
        f["passed"] = False
        for student in f.index:
            mark = 0.4 * f.at[student, "essay"] + 0.6 * f.at[student, "exam"]
            mark = min(100.0, mark + lift)
            f.at[student, "final"] = mark
            f.at[student, "passed"] = mark >= PASS


rng = np.random.default_rng(11)
n = 25_000
book = GradeBook(pd.DataFrame(
    {"essay": rng.integers(20, 101, n), "exam": rng.integers(10, 101, n)},
    index=pd.RangeIndex(500_000, 500_000 + n, name="student"),
))
book.curve(3.5)
print(book.frame.final.mean().round(4), int(book.frame.passed.sum()))
