import random


class Line:
    __slots__ = ("nm", "label")

    def __init__(self, nm, label=""):
        self.nm = nm
        self.label = label

    def __eq__(self, other):
        return abs(self.nm - other.nm) < 0.02


def library(n):
    rng = random.Random(10)
    return [Line(rng.uniform(200, 900), f"L{k}") for k in range(n)]


known = library(1500)
rng = random.Random(11)
unknown = []
hits = 0
for _ in range(6000):
    peak = Line(round(rng.uniform(200, 900), 4))
    if peak in known:
        hits += 1
    else:
        unknown.append(peak.nm)
print("hits", hits, "unknown", len(unknown))
print("reddest unknown %.4f" % max(unknown))
