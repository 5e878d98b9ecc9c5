"""Phonetic keys of surnames for the parish register."""
import itertools

CODE = dict(zip("bfpvcgjkqsxzdtlmnr", "111122222222334556"))


def key(name):
    out = name[0].upper()
    last = CODE.get(name[0], "")
    for ch in name[1:]:
        d = CODE.get(ch, "")
        if d and d != last:
            out += d
            if len(out) == 4:
                break
        last = d
    while len(out) < 4:
        out += "0"
    return out


def surnames():
    first = ["van", "der", "hui", "oie", "jae", "aue", "koy", "lau", "wes", "yra"]
    middle = ["eeuwe", "ooie", "aayhe", "uiwee", "iehoo", "aehuy", "owaie", "eiyuu"]
    for parts in itertools.product(first, middle, middle, middle, first, first):
        yield "".join(parts)


groups = {}
for n in surnames():
    groups.setdefault(key(n), []).append(n)
big = max(groups, key=lambda k: (len(groups[k]), k))
print(len(groups), big, len(groups[big]))
