"""Non-attacking queens by position of the first queen (a maths club exercise)."""


def solutions(n, cols, left, right):
    full = (1 << n) - 1
    if cols == full:
        return 1
    total = 0
    free = full & ~(cols | left | right)
    while free:
        bit = free & -free
        free ^= bit
        total += solutions(n, cols | bit, (left | bit) << 1, (right | bit) >> 1)
    return total


def from_column(job):
    n, col = job
    bit = 1 << col
    return solutions(n, bit, bit << 1, bit >> 1)


def main(n=13):
    jobs = [(n, c) for c in range(n)]
    counts = []
    for job in jobs:
        counts.append(from_column(job))
    print(n, counts, sum(counts))


if __name__ == "__main__":
    main()
