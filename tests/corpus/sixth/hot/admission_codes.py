import random
from dataclasses import dataclass


@dataclass
class Ward:
    name: str
    codes: list


def ward(name, n, seed):
    gen = random.Random(seed)
    alphabet = [f"{c}{d:02d}" for c in "AEIJKNR" for d in range(0, 60, 7)]
    return Ward(name, gen.choices(alphabet, k=n))


def transitions(stream):
    table = {}
    for step in zip(stream, stream[1:]):
        if step not in table:
            table[step] = 0
        table[step] += 1
    return table


def report(w, table, top=3):
    ranked = sorted(table.items(), key=lambda kv: (-kv[1], kv[0]))[:top]
    for (a, b), n in ranked:
        print(f"{w.name:10s} {a} -> {b} {n}")


def main():
    wards = [ward("surgery", 1_300_000, 1), ward("maternity", 1_300_000, 2)]
    for w in wards:
        report(w, transitions(w.codes))


main()
