import random
from typing import NamedTuple

K = 15


class Read(NamedTuple):
    name: str
    bases: str


def windows(bases, k=K):
    return tuple(bases[i:i + k] for i in range(len(bases) - k + 1))


def make_reads(vector, how_many):
    rng = random.Random(5)
    out = []
    for i in range(how_many):
        if i % 9 == 0:
            start = rng.randrange(0, len(vector) - 80)
            out.append(Read(f"r{i}", vector[start:start + 80]))
        else:
            out.append(Read(f"r{i}", "".join(rng.choices("ACGT", k=80))))
    return out


rng = random.Random(3)
vector = "".join(rng.choices("ACGT", k=2600))
known = windows(vector)

reads = make_reads(vector, 700)
flagged = []
for read in reads:
    hits = sum(w in known for w in windows(read.bases))
    if hits >= 5:
        flagged.append((read.name, hits))

print("reads", len(reads), "flagged", len(flagged))
print("first", flagged[:3])
print("mean hits", round(sum(h for _, h in flagged) / len(flagged), 3))
