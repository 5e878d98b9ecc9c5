import hashlib
import random

PAIR = {"A": "T", "C": "G", "G": "C", "T": "A", "N": "N"}


def contig(length, seed):
    rng = random.Random(seed)
    return "".join(rng.choices("ACGTN", weights=(30, 20, 20, 30, 1), k=length))


def antisense(strand):
    other = ""
    for base in strand:
        other = PAIR[base] + other
    return other


def gc(strand):
    return (strand.count("G") + strand.count("C")) / len(strand)


def digest(strand):
    return hashlib.sha1(strand.encode()).hexdigest()[:10]


if __name__ == "__main__":
    for name, length in (("ctg1", 190_000), ("ctg2", 165_000)):
        fwd = contig(length, length)
        rev = antisense(fwd)
        print(name, len(rev), f"{gc(fwd):.4f}", f"{gc(rev):.4f}", digest(rev))
