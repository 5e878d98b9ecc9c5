"""Number of secondary structures of short RNA strands."""
import random

PAIRS = {("A", "U"), ("U", "A"), ("G", "C"), ("C", "G"), ("G", "U"), ("U", "G")}
LOOP = 3


def structures(rna, i, j):
    if j - i <= LOOP:
        return 1
    count = structures(rna, i + 1, j)
    for k in range(i + LOOP + 1, j + 1):
        if (rna[i], rna[k]) in PAIRS:
            count += structures(rna, i + 1, k - 1) * structures(rna, k + 1, j)
    return count


def strand(rng, n):
    return "".join(rng.choices("ACGU", k=n))


def main():
    rng = random.Random(16)
    widest = None
    for n in (22, 28, 32, 34):
        rna = strand(rng, n)
        total = structures(rna, 0, n - 1)
        print(f"{n:3d} {rna:26s}{total:8d}")
        if widest is None or total > widest[1]:
            widest = rna, total
    print("most flexible:", widest[0])


main()
