import math
import os
from dataclasses import dataclass
from multiprocessing import get_context


@dataclass
class Pick:
    team: int
    strength: float


def pick_value(slot):
    base = 3000 * math.exp(-0.045 * (slot % 224))
    return Pick(slot % 32, base + math.sqrt(slot) % 1)


def season_values(years, workers):
    slots = range(224 * years)
    totals = [0.0] * 32
    ctx = get_context("fork")
    with ctx.Pool(workers) as crew:
        for pick in crew.map(pick_value, slots, chunksize=1):
            totals[pick.team] += pick.strength
    return totals


def main():
    workers = min(2, os.cpu_count() or 1)
    totals = season_values(150, workers)
    order = sorted(range(32), key=totals.__getitem__, reverse=True)
    print("best placed", order[:4])
    print("spread", round(max(totals) - min(totals), 3))


main()
