import random
import string


def text(n):
    r = random.Random(44)
    return "".join(r.choices(string.ascii_lowercase * 2 + "  ,.", k=n))


def tokens(chars):
    word = ""
    for ch in chars:
        if ch.isalpha():
            word += ch
        elif word:
            yield word
            word = ""
    if word:
        yield word


raw = text(300_000)
longest = ""
n = 0
for tok in (t for lap in range(30) for t in tokens(raw)):
    n += 1
    if len(tok) > len(longest):
        longest = tok
print(n, len(longest), longest[:10])
