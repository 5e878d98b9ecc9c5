import os
import random
import re
import tempfile

STOCK = ("the net was hauled at dawn and the hold was full of herring while the "
         "skipper wrote weights into his book near the stove ").split()


def compose(path, words):
    with open(path, "w") as out:
        page = random.Random(8).choices(STOCK, k=words // 12)
        for sheet in range(12):
            out.write(" ".join(page[sheet * 50:] + page[:sheet * 50]) + "\n")


def concordance(path):
    with open(path) as source:
        text = source.read()
    pattern = re.compile(r"\b(\w+)\s+(\w+)\s+herring\s+(?:\w+\s+){0,6}?\1\s+\2\b")
    places = [(m.start(), m.group(1)) for m in pattern.finditer(text)]
    return len(text), places


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "log.txt")
    compose(path, 1_000_000)
    size, places = concordance(path)

print(size, len(places), places[:2], places[-1])
