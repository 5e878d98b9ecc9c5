"""Mean quality per position of a FASTQ file, read as it comes."""
import itertools
import random
import tempfile


def write_fastq(f, reads):
    rng = random.Random(88)
    quals = ["".join(chr(33 + min(41, max(2, int(rng.gauss(34 - p / 8, 4))))) for p in range(100)) for _ in range(200)]
    seqs = ["".join(rng.choices("ACGT", k=100)) for _ in range(200)]
    for i in range(reads):
        f.write(f"@read{i}\n{seqs[i % 200]}\n+\n{quals[i * 7 % 200]}\n".encode())


def per_position(f):
    sums = [0] * 100
    n = 0
    while True:
        record = list(itertools.islice(f, 4))
        if len(record) < 4:
            break
        n += 1
        for p, q in enumerate(record[3].rstrip()):
            sums[p] += q - 33
    return [s / n for s in sums], n


with tempfile.TemporaryFile() as f:
    write_fastq(f, 150_000)
    f.seek(0)
    means, n = per_position(f)
print(n, "reads", [round(m, 3) for m in means[::25]], round(means[-1], 3))
