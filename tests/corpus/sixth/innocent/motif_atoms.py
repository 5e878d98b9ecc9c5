import random


class Atom:
    __slots__ = ("kind", "x", "y")

    def __init__(self, kind, x, y):
        self.kind, self.x, self.y = kind, x, y

    def __eq__(self, other):
        return (abs(self.x - other.x) < 2e-3 and abs(self.y - other.y) < 2e-3
                and self.kind == other.kind)


def measured(n, seed):
    gen = random.Random(seed)
    for k in range(n):
        kind = "NaCl"[2 * (k % 2):2 * (k % 2) + 2]
        i, j = gen.randrange(40), gen.randrange(40)
        yield Atom(kind, i / 40 + gen.gauss(0, 2e-4), j / 40 + gen.gauss(0, 2e-4))


def distinct(atoms):
    kept = []
    for atom in atoms:
        if atom not in kept:
            kept.append(atom)
    return kept


kept = distinct(measured(4200, 9))
print(len(kept), sum(a.kind == "Na" for a in kept))
print("%.4f" % sum(a.x for a in kept))
