import random
import re

GROUPS = [("bfpv", "1"), ("cgjkqsxz", "2"), ("dt", "3"), ("l", "4"), ("mn", "5"), ("r", "6")]


def key(name, width=6):
    text = re.sub(r"[^a-z]", "", name.lower())
    code, last = [], ""
    for ch in text:
        digit = ""
        for letters, d in GROUPS:
            if ch in letters:
                digit = d
        if digit and digit != last:
            code.append(digit)
        last = digit
    return (text[0] + "".join(code)).ljust(width, "0")[:width]


class Register:
    def __init__(self):
        self.rows = {}

    def sign_in(self, surname, period):
        self.rows.setdefault(key(surname), []).append(period)


def surnames(rng, n):
    parts = ["hart", "lind", "brook", "mac", "wald", "stein", "fer", "gold", "ton", "by", "quist", "ard"]
    return ["".join(rng.choices(parts, k=3)).title() for _ in range(n)]


rng = random.Random(23)
pupils = surnames(rng, 300)
book = Register()
for period in range(1500):
    for surname in rng.choices(pupils, k=160):
        book.sign_in(surname, period)
top = max(book.rows, key=lambda k: (len(book.rows[k]), k))
print(len(book.rows), top, len(book.rows[top]))
