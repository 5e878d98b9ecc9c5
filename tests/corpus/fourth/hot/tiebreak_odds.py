import sys
from collections import namedtuple

Player = namedtuple("Player", "name serve")


def tiebreaks(p_first, p_second, games, seed):
    won = 0
    rallies = 0
    x = seed
    for _ in range(games):
        a = b = 0
        while True:
            x = (1103515245 * x + 12345) % 2147483648
            serving_first = ((a + b + 1) // 2) % 2 == 0
            p = p_first if serving_first else 1.0 - p_second
            if x < p * 2147483648.0:
                a += 1
            else:
                b += 1
            rallies += 1
            if (a >= 7 or b >= 7) and abs(a - b) >= 2:
                break
        won += a > b
    return won, rallies


pairs = [(Player("Swan", 0.66), Player("Pike", 0.61)), (Player("Heron", 0.7), Player("Carp", 0.7))]
for left, right in pairs:
    w, r = tiebreaks(left.serve, right.serve, 130_000, 2023)
    print(f"{left.name} beats {right.name}: {w / 1300:.3f}% in {r} points", file=sys.stdout)
