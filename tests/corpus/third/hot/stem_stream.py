import random
import re

RULES = [(re.compile(p), s) for p, s in [
    (r"(\w+)ational$", r"\1ate"), (r"(\w+)iveness$", r"\1ive"), (r"(\w+?)(ing|ed)$", r"\1"),
    (r"(\w+)ies$", r"\1y"), (r"(\w+[^s])s$", r"\1"), (r"(\w+)ment$", r"\1"), (r"(\w+)fulness$", r"\1ful"),
    (r"(\w+)ation$", r"\1ate"), (r"(\w+)ness$", r"\1"), (r"([bcdfg]\w*)e$", r"\1")]]


def stem(word):
    before = None
    while before != word:
        before = word
        for pattern, repl in RULES:
            word = pattern.sub(repl, word)
    return word


def stream(n):
    r = random.Random(5)
    ends = ["ing", "ed", "s", "ies", "ment", "ness", "ation", "fulness", "", "e"]
    roots = ["".join(r.choices("abcdeglmnoprst", k=6)) for _ in range(70)]
    weights = [1 / (k + 1) for k in range(70)]
    for root in r.choices(roots, weights, k=n):
        yield root + r.choice(ends)


class Index:
    def __init__(self):
        self.where = {}

    def add(self, pos, token):
        self.where.setdefault(stem(token), []).append(pos)


idx = Index()
for pos, token in enumerate(stream(60_000)):
    idx.add(pos, token)
big = max(idx.where, key=lambda k: len(idx.where[k]))
print(len(idx.where), big, len(idx.where[big]))
