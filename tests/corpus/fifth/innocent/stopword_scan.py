import random
import string


def load_list(text):
    words = []
    for line in text.split("\n"):
        words.extend(w for w in line.split() if len(w) > 1)
    return frozenset(words)


def vocabulary(rng, n):
    return ["".join(rng.choices(string.ascii_lowercase, k=rng.randrange(2, 7))) for _ in range(n)]


def strip_stopwords(doc, stop_list):
    kept = 0
    letters = 0
    for word in doc:
        if word in stop_list:
            continue
        kept += 1
        letters += len(word)
    return kept, letters


def main():
    rng = random.Random(21)
    vocab = vocabulary(rng, 9000)
    stop_list = load_list("\n".join(" ".join(vocab[i:i + 10]) for i in range(0, 4000, 10)))
    docs = [rng.choices(vocab, k=20000) for _ in range(6)]
    total = letters = 0
    for epoch in range(110):
        for doc in docs:
            k, c = strip_stopwords(doc, stop_list)
            total += k
            letters += c
    print(total, letters)


main()
