"""Aftershock counts in a sliding time window."""
import random


def catalogue(n):
    rnd = random.Random(5)
    t = 0.0
    for _ in range(n):
        t += rnd.expovariate(1.0)
        yield t, round(rnd.expovariate(1.2), 1)


def densest(events, span):
    inside = []
    energy = 0.0
    best = (0, 0.0)
    for t, mag in events:
        inside.append((t, mag))
        energy += mag
        while inside[0][0] < t - span:
            energy -= inside[0][1]
            del inside[0]
        if len(inside) > best[0]:
            best = (len(inside), t)
    return best, energy


best, energy = densest(catalogue(130_000), 52_000.0)
print("most events", best[0], "at", round(best[1], 1), "energy", round(energy, 1))
