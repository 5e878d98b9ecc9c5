CELLS = {c: ((i * 37) % 64, (i * 11) % 64) for i, c in enumerate("abcdefghijklmnopqrstuvwxyz 0123456789")}
CAP = 0x20


def encode(sentence, cells):
    for ch in sentence:
        if ch.isupper():
            cells += [CAP]
            ch = ch.lower()
        cells += CELLS[ch]


def pages(cells, width=40, height=25):
    per = width * height
    return -(-len(cells) // per)


cells = []
for chapter in range(120_000):
    encode(f"Keeper {chapter} counts the ships and Waits for the {chapter % 31} Tide", cells)
print(len(cells), "cells", pages(cells), "pages", sum(cells[::997]))
