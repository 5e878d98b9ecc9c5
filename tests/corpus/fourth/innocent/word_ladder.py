"""How far can one walk from a word by changing one letter at a time?"""
import random
from string import ascii_lowercase


def make_lexicon(n, seed):
    rnd = random.Random(seed)
    words = {"".join(rnd.choices("abcdefgh", k=6)) for _ in range(n)}
    return frozenset(words)


def neighbours(word, lexicon):
    for i in range(len(word)):
        head, tail = word[:i], word[i + 1:]
        for ch in ascii_lowercase:
            cand = head + ch + tail
            if cand in lexicon and cand != word:
                yield cand


def ladder_depths(start, lexicon):
    depth = {start: 0}
    layer = [start]
    while layer:
        following = []
        for w in layer:
            for nb in neighbours(w, lexicon):
                if nb not in depth:
                    depth[nb] = depth[w] + 1
                    following.append(nb)
        layer = following
    return depth


lex = make_lexicon(60_000, 3)
d = ladder_depths(min(lex), lex)
print("reached", len(d), "of", len(lex), "farthest", max(d.values()))
