import os
import random
import tempfile


def notes(path, n):
    r = random.Random(29)
    words = "pump valve check ok leak seal north south pressure".split()
    with open(path, "w") as f:
        for i in range(n):
            f.write(f"{i:07d};" + " ".join(r.choices(words, k=6)) + "\n")


def longest_runs(text, m):
    best = 0
    run = 0
    prev = None
    for line in text.splitlines():
        head, body = line.split(";", 1)
        key = (body.split()[0], len(body) % m == int(head) % m)
        run = run + 1 if key == prev else 1
        prev = key
        if run > best:
            best = run
    return best


with tempfile.TemporaryDirectory() as d:
    p = os.path.join(d, "notes.txt")
    notes(p, 90_000)
    with open(p) as f:
        text = f.read()
    runs = [longest_runs(text, m) for m in range(2, 13)]
print(len(text), runs)
