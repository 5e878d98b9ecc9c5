import random
from difflib import SequenceMatcher
from functools import partial


def amplicon(i, n=380):
    rng = random.Random(1000 + i)
    return f"amp{i:02d}", "".join(rng.choices("ACGT", k=n))


def closest_site(entry, primer):
    name, bases = entry
    best = (0.0, -1)
    for at in range(len(bases) - len(primer) + 1):
        piece = bases[at:at + len(primer)]
        ratio = SequenceMatcher(None, primer, piece, autojunk=False).ratio()
        if ratio > best[0]:
            best = (ratio, at)
    return name, best[1], best[0]


class Panel:
    def __init__(self, entries):
        self.entries = entries

    def screen(self, primer):
        check = partial(closest_site, primer=primer)
        yield from map(check, self.entries)


panel = Panel([amplicon(i) for i in range(70)])
hits = sorted(panel.screen("ACGTTGCAAGCTTAGC"), key=lambda h: (-h[2], h[0]))
for name, at, ratio in hits[:4]:
    print(f"{name} {at:4d} {ratio:.4f}")
print("screened", len(hits))
