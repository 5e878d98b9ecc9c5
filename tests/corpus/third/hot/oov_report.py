import random
from dataclasses import dataclass, field


@dataclass
class Lexicon:
    entries: list = field(default_factory=list)
    lang: str = "xx"

    @classmethod
    def from_text(cls, blob, lang):
        return cls(blob.split(), lang)

    def unknown(self, sentence):
        return [tok for tok in sentence if tok not in self.entries]


def make_word(rng):
    return "".join(rng.choice("bcdfglmnprst") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))


def main():
    rng = random.Random(8)
    base = sorted({make_word(rng) for _ in range(3500)})
    lex = Lexicon.from_text(" ".join(base[::2]), "tok")
    corpus = [[rng.choice(base) for _ in range(12)] for _ in range(2600)]

    per_sentence = []
    for sent in corpus:
        per_sentence.append(len(lex.unknown(sent)))
    worst = max(range(len(corpus)), key=per_sentence.__getitem__)
    print(len(lex.entries), "entries", lex.lang)
    print("oov total", sum(per_sentence), "worst sentence", worst)


if __name__ == "__main__":
    main()
