import random


class Peak:
    __hash__ = None

    def __init__(self, mz, rt):
        self.mz = mz
        self.rt = rt

    def __eq__(self, other):
        return abs(self.mz - other.mz) < 0.02 and abs(self.rt - other.rt) < 1.5


def scan(rng, n):
    for _ in range(n):
        centre = rng.randrange(700)
        yield Peak(100 + centre * 0.9 + rng.gauss(0, 0.008), (centre * 37 % 600) + rng.gauss(0, 0.5))


def consolidate(stream):
    known = []
    repeats = 0
    for peak in stream:
        if peak in known:
            repeats += 1
        else:
            known.append(peak)
    return known, repeats


rng = random.Random(12)
kept, rep = consolidate(scan(rng, 24000))
print(len(kept), "peaks", rep, "repeats")
print(f"{kept[0].mz:.3f} {kept[-1].mz:.3f}")
