import random

WORDS = "sale free best offer today season gift card last members ten day cotton new year the of in only two".split()
PHRASES = [f"{a} {b} {c}" for a, b in zip(WORDS, WORDS[7:]) for c in WORDS]


def synth(rng, n):
    return " ".join(rng.choices(WORDS, k=n))


class Catalogue:
    def __init__(self, texts):
        self.texts = texts

    def matching(self, phrase):
        hits = []
        for pos, text in enumerate(self.texts):
            if phrase in text:
                hits.append(pos)
        return hits


rng = random.Random(2)
cat = Catalogue([synth(rng, 5000) for _ in range(160)])
table = {p: len(cat.matching(p)) for p in PHRASES}
print(sorted(table.items(), key=lambda kv: -kv[1])[:4])
