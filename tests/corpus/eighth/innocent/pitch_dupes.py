"""Distinct tones in a recording of bells, within a few cents."""
import math
import random


class Tone:
    __slots__ = ("cents", "loud")
    __hash__ = None

    def __init__(self, hertz, loud):
        self.cents = 1200 * math.log2(hertz / 440)
        self.loud = loud

    def __eq__(self, other):
        return abs(self.cents - other.cents) < 2.5


def peal(n):
    rng = random.Random(1639)
    return [Tone(rng.uniform(60, 6000), rng.random()) for _ in range(n)]


def distinct(tones):
    kept = []
    for tone in tones:
        if tone not in kept:
            kept.append(tone)
    return kept


tones = distinct(peal(8_000))
print(len(tones), round(sum(t.loud for t in tones), 4))
