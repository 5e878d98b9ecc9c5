import random

PAIR = {"A": "T", "C": "G", "G": "C", "T": "A", "N": "N"}
K = 11


def canonical(kmer):
    other = ""
    for base in reversed(kmer):
        other += PAIR[base]
    return kmer if kmer <= other else other


def windows(seq, k):
    for i in range(len(seq) - k + 1):
        yield seq[i:i + k]


def sketch(seq, keep):
    smallest = set()
    for kmer in windows(seq, K):
        c = canonical(kmer)
        if c[0] == "A" and c[-1] in "CG":
            smallest.add(c)
    return sorted(smallest)[:keep]


def main():
    rng = random.Random(42)
    for name in ("plasmid", "phage", "contig"):
        seq = "".join(rng.choices("ACGT", k=330_000))
        s = sketch(seq, 4)
        print(name, len(seq), *s)


main()
