import random
from itertools import product

CODONS = ["".join(c) for c in product("ACGU", repeat=3)]
STOP = ("UAA", "UAG", "UGA")


def transcript(rng, n):
    body = [c for c in CODONS if c not in STOP]
    return rng.choices(body, k=n) + [rng.choice(STOP)]


def usage(codons):
    table = {}
    for codon in codons:
        if codon in table:
            table[codon] += 1
        else:
            table[codon] = 1
    return table


def bias(table):
    total = sum(table.values())
    return {c: round(n / total, 5) for c, n in table.items()}


def main():
    rng = random.Random(77)
    pool = [transcript(rng, 60_000) for _ in range(5)]
    extremes = []
    for round_ in range(70):
        for codons in pool:
            b = bias(usage(codons))
            extremes.append((max(b.values()), max(b, key=b.get)))
    print(len(extremes), sorted(extremes)[-1], sorted(extremes)[0])


main()
