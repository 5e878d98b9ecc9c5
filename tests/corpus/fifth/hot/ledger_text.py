"""Render one text report per insurance branch."""
import hashlib
import random


def entries(n):
    rng = random.Random(14)
    for i in range(n):
        yield rng.choice("ABC"), i, rng.randrange(1, 10_000), rng.choice(["paid", "open", "void"])


def render(items):
    report = {"A": "", "B": "", "C": ""}
    for branch, number, amount, state in items:
        line = f"{number:08d} {amount:>8d} EUR {state}\n"
        if state == "void":
            line = line.lower().replace("eur", "---")
        report[branch] = report[branch] + line
    return report


def fingerprint(text):
    return hashlib.sha1(text.encode()).hexdigest()[:10]


report = render(entries(52_000))
for branch, text in sorted(report.items()):
    print(branch, len(text), text.count("open"), fingerprint(text))
