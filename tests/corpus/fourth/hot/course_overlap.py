import argparse

import numpy as np


def enrolment(students, courses, load, seed):
    rng = np.random.default_rng(seed)
    table = np.zeros((students, courses))
    who = np.repeat(np.arange(students), load)
    what = (rng.random(students * load) ** 1.4 * courses).astype(int)
    table[who, what] = 1
    return table


def clashes(table):
    together = table.T @ table
    np.fill_diagonal(together, 0)
    return together


parser = argparse.ArgumentParser()
parser.add_argument("--students", type=int, default=9_000)
parser.add_argument("--courses", type=int, default=1_500)
args = parser.parse_args()

common = clashes(enrolment(args.students, args.courses, 7, 99))
a, b = np.unravel_index(common.argmax(), common.shape)
print("worst clash", sorted((int(a), int(b))), int(common.max()))
print("pairs without clash", int((common == 0).sum() - args.courses) // 2)
