"""Soundex-like keys for patient names, memoised in a module dict."""
import random
import re

_KEYS = {}
CODES = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556")


def phonetic(name):
    if name in _KEYS:
        return _KEYS[name]
    key = name.lower().translate(CODES)
    key = re.sub(r"(\d)\1+", r"\1", key)
    key = re.sub(r"[aeiouyhw]", "", key)
    _KEYS[name] = name[0].upper() + key[1:].ljust(3, "0")[:5]
    return _KEYS[name]


def names(n, seed):
    rng = random.Random(seed)
    alphabet = "abcdefghiklmnoprstuvwy"
    for _ in range(n):
        yield "".join(rng.choices(alphabet, k=4)).capitalize()


groups = {}
for name in names(320_000, 9):
    groups.setdefault(phonetic(name), set()).add(name)
largest = max(groups, key=lambda k: (len(groups[k]), k))
print(len(_KEYS), len(groups), largest, len(groups[largest]))
