"""Estimates reading difficulty from the syllables of a text."""
import random
import re


class Hyphenator:
    RULES = [
        (re.compile(r"([aeiouy]+[^aeiouy\-])([^aeiouy\-]+[aeiouy])"), r"\1-\2"),
        (re.compile(r"([aeiouy])([^aeiouy\-][aeiouy])"), r"\1-\2"),
        (re.compile(r"-(?=[^aeiouy\-]+$)"), ""),
        (re.compile(r"(?<=[^aeiouy])-(?=h)"), ""),
    ]

    def split(self, word):
        for rule, repl in self.RULES:
            while True:
                word, n = rule.subn(repl, word, count=1)
                if not n:
                    break
        return word


def vocabulary():
    rnd = random.Random(8)
    parts = ["tion", "ment", "ra", "ble", "con", "ster", "pho", "li", "dor", "gan", "e", "ush"]
    return ["".join(rnd.choices(parts, k=rnd.randint(1, 4))) for _ in range(350)]


def main():
    h = Hyphenator()
    rnd = random.Random(9)
    vocab = vocabulary()
    text = rnd.choices(vocab, [1 / (k + 2) for k in range(len(vocab))], k=80_000)
    syllables = sum(h.split(w).count("-") + 1 for w in text)
    print(f"{syllables / len(text):.4f} syllables per word, e.g. {h.split(vocab[3])}")


main()
