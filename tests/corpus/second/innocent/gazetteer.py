import os
import tempfile


def write_places(path, n):
    with open(path, "w") as f:
        for i in range(n):
            f.write(f"{i}\tplace{i * 37 % 9001}\t{i * 13 % 180 - 90}\t{i * 29 % 360 - 180}\n")


def load(path):
    with open(path) as f:
        text = f.read()
    return [row.split("\t") for row in text.splitlines()]


def name_distance(a, b):
    prev = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        row = [i]
        for j, cb in enumerate(b, 1):
            row.append(min(prev[j] + 1, row[-1] + 1, prev[j - 1] + (ca != cb)))
        prev = row
    return prev[-1]


def main():
    fd, path = tempfile.mkstemp(suffix=".tsv")
    os.close(fd)
    write_places(path, 20_000)
    places = load(path)
    os.remove(path)
    close = [p[0] for p in places if name_distance(p[1], "plaice8808") <= 2]
    print(len(places), "places, close:", len(close), close[:5])


main()
