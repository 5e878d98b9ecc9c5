import random
import re
import sys
from dataclasses import dataclass

STOPS = ("TAA", "TAG", "TGA")


@dataclass
class Summary:
    codons: int
    distinct: int
    top: str
    stops: int


def genome(n, seed=9):
    rng = random.Random(seed)
    block = "".join(rng.choices("ACGT", weights=(3, 2, 2, 3), k=30_001))
    return block * (n // len(block) + 1)


def usage_table(triplets):
    usage = {}
    for t in triplets:
        usage.setdefault(t, 0)
        usage[t] += 1
    return usage


def summarise(usage):
    ranked = sorted(usage.items(), key=lambda kv: (-kv[1], kv[0]))
    return Summary(
        codons=sum(usage.values()),
        distinct=len(usage),
        top=ranked[0][0],
        stops=sum(usage.get(s, 0) for s in STOPS),
    )


def main(argv):
    size = int(argv[1]) if len(argv) > 1 else 15_000_000
    region = re.findall("...", genome(300_000))
    frame0 = region * (size // 300_000)
    print(summarise(usage_table(frame0)))
    table = usage_table(frame0 + frame0[::-1])
    print(table["ATG"], table["GGC"])


if __name__ == "__main__":
    main(sys.argv)
