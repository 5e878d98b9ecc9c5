import random

MOTIFS = ("TATAAT", "TTGACA", "GGCCAATCT", "CACGTG", "TGACTCA")


def promoters(n):
    rng = random.Random(12)
    arm = "".join(rng.choices("ACGT", k=n + 700))
    return [arm[i:i + 700] for i in range(0, n, 3)]


def motif_hits(regions):
    found = dict.fromkeys(MOTIFS, 0)
    previous = None
    changes = 0
    for region in regions:
        present = [m for m in MOTIFS if m in region]
        if present != previous:
            changes += 1
        previous = present
        for m in present:
            found[m] += 1
    return found, changes


found, changes = motif_hits(promoters(240_000))
for motif, n in found.items():
    print(f"{motif:10s}{n:7d}")
print("changes", changes)
