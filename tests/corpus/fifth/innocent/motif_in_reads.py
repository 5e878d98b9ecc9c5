"""How many reads carry each of the promoter motifs?"""
import random

BASES = "ACGT"
MOTIFS = ["TATAAAAG", "GGGCGGTA", "CACGTGCA", "CCAATCTG", "TTGACATT", "GCCACCATGG"]


def genome(rng, n):
    return "".join(rng.choices(BASES, k=n))


def slices(seq, width, count, rng):
    top = len(seq) - width
    return [seq[p:p + width] for p in (rng.randrange(top) for _ in range(count))]


def report(hits):
    for motif in MOTIFS:
        print(f"{motif:12s}{hits[motif]:6d}")


def main():
    rng = random.Random(1)
    seq = genome(rng, 200_000)
    reads = slices(seq, 6000, 14000, rng)
    hits = dict.fromkeys(MOTIFS, 0)
    for read in reads:
        for motif in MOTIFS:
            if motif in read:
                hits[motif] += 1
    report(hits)


main()
