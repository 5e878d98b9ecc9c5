import random

STEMS = "geolog botan astron musi politic histor chem mathemat lingu econom".split()
ENDS = ["y", "ics", "ical", "er", "ian", "y of Asia", "y, early works"]


def abstracts(n, seed):
    gen = random.Random(seed)
    words = [a + b for a in STEMS for b in ENDS] + ["the", "of", "in", "survey"] * 9
    return [" ".join(gen.choices(words, k=1200)) for _ in range(n)]


def terms():
    return [f"{a}{b} {c}" for a in STEMS for b in ("ics", "er") for c in ("survey of the", "of of the")]


def tag(volumes, vocabulary):
    tags = {}
    for no, text in enumerate(volumes):
        for term in vocabulary:
            if term in text:
                tags.setdefault(term, []).append(no)
    return tags


if __name__ == "__main__":
    tags = tag(abstracts(1500, 2), terms())
    for term in sorted(tags, key=lambda t: (-len(tags[t]), t))[:4]:
        print(term, len(tags[term]), tags[term][:3])
