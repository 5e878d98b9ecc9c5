import random
from concurrent.futures import ProcessPoolExecutor

GOOD = {"fine", "great", "love", "happy"}
BAD = {"poor", "late", "broken", "sad"}


def polarity(sentence):
    words = sentence.split()
    return sum(w in GOOD for w in words) - sum(w in BAD for w in words)


def reviews(n, seed):
    r = random.Random(seed)
    vocab = sorted(GOOD | BAD) + ["the", "parcel", "was", "and", "very"]
    return [" ".join(r.choices(vocab, k=7)) for _ in range(n)]


def main():
    texts = reviews(9000, 28)
    with ProcessPoolExecutor(2) as executor:
        labels = list(executor.map(polarity, texts))
    print(len(labels), sum(labels), max(labels))


if __name__ == "__main__":
    main()
