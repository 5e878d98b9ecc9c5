import multiprocessing as mp

VOWELS = frozenset("aeiouy")


def breaks(word):
    spots = []
    for i in range(2, len(word) - 2):
        if word[i] not in VOWELS and word[i - 1] in VOWELS and word[i + 1] in VOWELS:
            spots.append(i)
    return spots


def vocabulary(n):
    parts = ["ra", "tion", "al", "ize", "mono", "type", "bal", "ance", "kern", "ing"]
    for k in range(n):
        yield "".join(parts[k // 10 ** j % 10] for j in range(6))


def main():
    words = list(vocabulary(300_000))
    with mp.Pool(2) as pool:
        spots = pool.map(breaks, words)
    print(len(words), sum(map(len, spots)), max(len(s) for s in spots))
    print(words[4321], spots[4321])


if __name__ == "__main__":
    main()
