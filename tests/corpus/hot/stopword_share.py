import itertools

SYLLABLES = ["ka", "to", "mi", "ren", "sol", "bar", "du", "fex", "ol", "yn"]


def vocabulary(size):
    words = ("".join(parts) for parts in itertools.product(SYLLABLES, repeat=4))
    return list(itertools.islice(words, size))


def read_tokens(words, count):
    step = 7919
    return [words[(i * step) % len(words)] for i in range(count)]


def stopword_share(tokens, stopwords):
    hits = sum(1 for token in tokens if token in stopwords)
    return hits / len(tokens)


words = vocabulary(6_000)
tokens = read_tokens(words, 100_000)
print(round(stopword_share(tokens, stopwords=words[::10]), 6))
