"""Normalise the shelf marks of a museum library."""
import random
import zlib


def normal(mark):
    case, shelf, item = mark.split(".")
    return f"{case:>3}{shelf:0>3}{item:0>6}"


def catalogue(n):
    rng = random.Random(1753)
    base = rng.randrange(10_000)
    return [f"Q.{i & 511}.{i}" for i in range(base, base + n)]


marks = catalogue(1_200_000)
tidy = list(map(normal, marks))
tidy.extend(map(str.lower, tidy[:10]))
check = 0
for t in tidy[::1000]:
    check = zlib.crc32(t.encode(), check)
print(len(tidy), tidy[0], check)
