"""Marks translations one after the other; the phrase bank learns while marking."""
import random
import re

BANK = {}


def fragments(text):
    words = re.findall(r"[a-z]+", text.lower())
    for size in (1, 2, 3):
        for i in range(len(words) - size + 1):
            yield " ".join(words[i:i + size])


def mark(text):
    points = 0
    for frag in fragments(text):
        seen = BANK.get(frag, 0)
        points += 3 if seen > 20 else 1 if seen else 0
        BANK[frag] = seen + (2 if points % 2 else 1)
    return points


rnd = random.Random(55)
vocab = ["lamp", "sees", "the", "old", "cat", "by", "sea", "walks", "green", "door", "and", "sings"]
papers = [" ".join(rnd.choices(vocab, k=120)) for _ in range(4_500)]
marks = [mark(p) for p in papers]
print(marks[0], marks[-1], sum(marks), len(BANK))
