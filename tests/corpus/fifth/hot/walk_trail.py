# Self-driving inspection robot: replay its commands into a trail of cells
from typing import NamedTuple
import random


class Pose(NamedTuple):
    x: int
    y: int
    heading: int


TURN = {"L": -1, "R": 1}
STEP = ((0, 1), (1, 0), (0, -1), (-1, 0))


def advance(p):
    dx, dy = STEP[p.heading]
    return Pose(p.x + dx, p.y + dy, p.heading)


def replay(commands):
    pose = Pose(0, 0, 0)
    trail = ((0, 0),)
    for c in commands:
        if c in TURN:
            pose = pose._replace(heading=(pose.heading + TURN[c]) % 4)
        else:
            pose = advance(pose)
            trail = (*trail, (pose.x, pose.y))
    return trail


def main():
    rng = random.Random(31)
    commands = "".join(rng.choices("LRFFFF", k=25_000))
    trail = replay(commands)
    far = max(trail, key=lambda c: abs(c[0]) + abs(c[1]))
    print(len(trail), "cells,", len(set(trail)), "distinct, farthest", far)


main()
