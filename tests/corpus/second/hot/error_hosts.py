import gzip
import os
import tempfile
from collections import Counter


class LogFile:
    def __init__(self, path):
        self.path = path

    def text(self):
        with gzip.open(self.path, "rt") as f:
            return f.read()

    def failures(self):
        tally = Counter()
        for entry in self.text().split("\n"):
            if entry.endswith(" 500"):
                tally[entry.partition(" ")[0]] += 1
        return tally


def sample(path, repeats):
    base = "".join(
        f"host{i % 97:03d} GET /articles/{i * 31 % 4000} {500 if i % 113 == 0 else 200}\n" for i in range(25_000)
    )
    with gzip.open(path, "wt", compresslevel=1) as f:
        for _ in range(repeats):
            f.write(base)


def main():
    handle, path = tempfile.mkstemp(suffix=".gz")
    os.close(handle)
    sample(path, 80)
    tally = LogFile(path).failures()
    os.remove(path)
    print("failures", sum(tally.values()), "hosts", len(tally))
    print(sorted(tally.items(), key=lambda kv: (-kv[1], kv[0]))[:3])


main()
