import subprocess
import sys

WORKER = """
import sys, random
name, size = sys.argv[1], int(sys.argv[2])
rng = random.Random(name)
gc = sum(rng.random() < 0.42 for _ in range(size))
print(name, size, gc)
"""

LENGTHS = {"chr1": 248, "chr2": 242, "chr3": 198, "chr4": 190, "chr5": 182, "chr6": 171, "chr7": 159, "chrX": 156}


def gc_content(chrom, mega):
    done = subprocess.run(
        [sys.executable, "-S", "-c", WORKER, chrom, str(mega * 6000)],
        capture_output=True, text=True, check=True,
    )
    _, size, gc = done.stdout.split()
    return int(gc) / int(size)


def main():
    rows = [(chrom, gc_content(chrom, mega)) for chrom, mega in LENGTHS.items()]
    for chrom, share in rows:
        print(f"{chrom:5s} {share:.4f}")
    print("mean", round(sum(s for _, s in rows) / len(rows), 4))


if __name__ == "__main__":
    main()
