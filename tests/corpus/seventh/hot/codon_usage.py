import random

BASES = "ACGT"
STOPS = {"TAA", "TAG", "TGA"}


class Transcript:
    def __init__(self, name, length, seed):
        r = random.Random(seed)
        self.name = name
        self.reads = length // 9000
        self.seq = "".join(r.choices(BASES, k=9000))

    def codons(self):
        single = list(map("".join, zip(*[iter(self.seq)] * 3)))
        return single * self.reads

    def usage(self):
        table = {}
        for triplet in self.codons():
            if triplet in table:
                table[triplet] += 1
            else:
                table[triplet] = 1
        return table


def report(t):
    table = t.usage()
    total = sum(table.values())
    top = max(sorted(table), key=table.get)
    stops = sum(table.get(s, 0) for s in STOPS)
    print(t.name, total, top, table[top], round(1000 * stops / total, 3))


for i, name in enumerate(["nad5", "cox1", "atp6"]):
    report(Transcript(name, 15_000_000, i))
