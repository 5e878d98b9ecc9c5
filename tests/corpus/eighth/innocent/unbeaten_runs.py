"""Longest unbeaten run of every club over many seasons."""
import random


def results(clubs, n):
    rng = random.Random(1888)
    block = [(rng.choice(clubs), rng.choice("WWDL")) for _ in range(n // 30)]
    for _ in range(30):
        yield from block


def unbeaten(stream):
    streak = {}
    peak = {}
    for club, result in stream:
        if result == "L":
            streak[club] = 0
        else:
            streak[club] = streak.get(club, 0) + 1
            if streak[club] > peak.get(club, 0):
                peak[club] = streak[club]
    return peak


clubs = [f"{a} {b}" for a in ("North", "South", "Port", "Old") for b in ("End", "Rovers", "Town", "Vale")]
peaks = unbeaten(results(clubs, 6_000_000))
for club in sorted(peaks, key=lambda c: (-peaks[c], c))[:4]:
    print(club, peaks[club])
