"""Yield of every field plot under its own soil and slope."""
import math


def harvest(soil, slope):
    water = soil
    crop = 0.0
    for day in range(120):
        rain = 3.0 + 2.0 * math.sin(day / 9 + slope)
        water = min(100.0, water + rain * (1 - slope / 50))
        drink = 0.04 * water * (day / 120)
        water -= drink
        crop += drink * 0.8
    return crop


def farm(rows, columns):
    for r in range(rows):
        for c in range(columns):
            yield 10 + r * 0.37, c * 0.11


plots = [harvest(soil, slope) for soil, slope in farm(180, 180)]
best = max(range(len(plots)), key=plots.__getitem__)
print(len(plots), best, f"{plots[best]:.6f} {sum(plots):.4f}")
