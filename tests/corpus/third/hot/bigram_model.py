import random


def corpus(n, seed):
    r = random.Random(seed)
    vocab = [f"w{i}" for i in range(600)]
    weights = [1 / (i + 1) for i in range(600)]
    return r.choices(vocab, weights, k=n)


class BigramModel:
    def __init__(self):
        self.pairs = {}
        self.size = 0

    def note(self, pair):
        if pair not in self.pairs:
            self.pairs[pair] = 1
        else:
            self.pairs[pair] += 1

    def train(self, tokens):
        prev = tokens[0]
        for tok in tokens[1:]:
            self.note((prev, tok))
            prev = tok
        self.size += len(tokens)

    def likely(self, k):
        return sorted(self.pairs.items(), key=lambda kv: (-kv[1], kv[0]))[:k]


text = corpus(600_000, 3)
model = BigramModel()
for epoch in range(3):
    for start in range(0, len(text), 150_000):
        model.train(text[start:start + 150_000])
print(model.size, len(model.pairs))
print(model.likely(3))
