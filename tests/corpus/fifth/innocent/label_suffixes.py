# Make atom labels unique the way PDB writers do: C, C_1, C_2, ...
import random

ELEMENTS = ["C", "H", "O", "N", "S", "P", "Cl", "Br"]


def molecule(n, seed):
    rng = random.Random(seed)
    base = rng.choices(ELEMENTS, weights=[9, 12, 4, 3, 1, 1, 1, 1], k=5000)
    return (base * (n // 5000 + 1))[:n]


def unique_labels(atoms):
    used = {}
    labels = []
    for el in atoms:
        k = used.get(el, 0)
        labels.append(f"{el}_{k}" if k else el)
        used[el] = k + 1
    return labels


def checksum(labels):
    return sum(map(len, labels)), labels[len(labels) // 2]


for size in (300_000, 500_000, 1_100_000, 2_000_000):
    atoms = molecule(size, size)
    print(size, *checksum(unique_labels(atoms)))
