import os
import tempfile


def produce(path, copies):
    block = "".join(f"{i % 53},{(i * 7321) % 997},{(i * i) % 13},note {i:056d}\n" for i in range(20_000))
    with open(path, "w", newline="\n") as out:
        for _ in range(copies):
            out.write(block)


class Watch:
    def __init__(self):
        self.level = 0
        self.trips = []

    def feed(self, station, value, flag):
        self.level += (value - 498) if flag < 11 else -self.level // 2
        if abs(self.level) > 9_000:
            self.trips.append((station, self.level))
            self.level = 0


def follow(path, watch):
    with open(path) as f:
        for text in f:
            a, b, c, _ = text.split(",", 3)
            watch.feed(int(a), int(b), int(c))
    return watch


with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder, "points.csv")
    produce(name, 85)
    w = follow(name, Watch())
    print(os.path.getsize(name) // 10**6, "MB", len(w.trips), w.level)
