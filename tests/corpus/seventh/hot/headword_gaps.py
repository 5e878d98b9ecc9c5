import itertools
import random

rnd = random.Random(5)
SYL = ["ka", "to", "mi", "ren", "sol", "ba", "dur", "el", "ost", "vi", "qua"]


def coin(n):
    return "".join(rnd.choices(SYL, k=n))


def derive(stem):
    for suffix in ("", "er", "ing", "s"):
        yield stem + suffix


headwords = tuple(dict.fromkeys(coin(rnd.choice((3, 4))) for _ in range(9000)))
stems = [coin(3) for _ in range(1500)]
forms = itertools.chain.from_iterable(map(derive, stems))

attested = filter(lambda f: f in headwords, forms)
lengths = {}
for form in attested:
    lengths.setdefault(len(form), []).append(form)

for size in sorted(lengths):
    print(size, len(lengths[size]), min(lengths[size]))
print(len(headwords), "headwords")
