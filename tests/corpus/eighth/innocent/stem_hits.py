import random
from dataclasses import dataclass


@dataclass
class Corpus:
    title: str
    text: str

    def attests(self, stem):
        return stem in self.text


def babble(rng, n):
    parts = [a + b for a in "bdgklmnprst" for b in "aeiou"]
    words = ("".join(rng.choices(parts, k=rng.randint(2, 6))) for _ in range(n))
    return " ".join(words)


rng = random.Random(1786)
corpus = Corpus("Sermons", babble(rng, 25_000))
stems = ["".join(rng.choices("abdegiklmnoprstu", k=rng.choice((4, 5, 6)))) for _ in range(4000)]
attested = [s for s in stems if corpus.attests(s)]
print(corpus.title, len(corpus.text), len(stems), len(attested))
print(min(attested), max(attested))
