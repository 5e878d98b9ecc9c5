import os
import random
import tempfile


def write_words(path, count):
    with open(path, "w") as target:
        target.writelines(f"{i * 7_919 % 1_000_003:07d}-{i % 97}\n" for i in range(count))


def shuffled_ranks(path, rounds):
    with open(path) as source:
        words = source.readlines()
    rng = random.Random(4)
    first = []
    for _ in range(rounds):
        rng.shuffle(words)
        first.append(words[0].strip())
    return first


handle, path = tempfile.mkstemp(suffix=".txt")
os.close(handle)
write_words(path, 150_000)
print(shuffled_ranks(path, rounds=8)[-2:])
os.remove(path)
