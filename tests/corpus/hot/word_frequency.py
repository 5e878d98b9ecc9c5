import string

sentence = "the quick brown fox jumps over the lazy dog while the band plays on and on"


def normalise(text):
    return text.translate(str.maketrans("", "", string.punctuation)).lower()


def top(counts, size):
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size]


page = normalise(sentence).split() * 200
words = page * 1_000

counts = {}
for word in words:
    if word in counts:
        counts[word] += 1
    else:
        counts[word] = 1

print(top(counts, 3))
