import random


def docs(n, seed):
    r = random.Random(seed)
    syll = ["ka", "to", "mi", "ra", "shi", "no", "re"]
    return ["".join(r.choices(syll, k=8)) + " " + "".join(r.choices(syll, k=5)) for _ in range(n)]


def pieces(text, size):
    return [text[i:i + size] for i in range(0, len(text), size)]


def flatten(texts, size):
    stream = []
    for text in texts:
        stream += pieces(text, size)
        stream += ["</s>"]
    return stream


corpus = docs(50_000, 15)
for size in (2, 3, 4, 5, 3, 2):
    flow = flatten(corpus, size)
    print(size, len(flow), len(set(flow)))
