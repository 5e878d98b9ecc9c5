import random

ONSETS = ["b", "br", "d", "f", "gl", "k", "m", "pr", "st", "t", "v"]
NUCLEI = ["a", "e", "i", "o", "u", "ai", "ou"]
registry = {}


def syllable():
    return random.choice(ONSETS) + random.choice(NUCLEI)


def coin_entry(n):
    made = []
    while len(made) < n:
        word = "".join(syllable() for _ in range(random.randint(2, 3)))
        if word in registry:
            registry[word] += 1
        else:
            registry[word] = 1
            made.append(word)
    return max(made, key=len)


def main():
    random.seed(404)
    longest = [coin_entry(n) for n in range(150, 1100, 5)]
    print(len(longest), longest[0], longest[-1])
    print(len(registry), max(registry.values()))


main()
