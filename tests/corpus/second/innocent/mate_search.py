"""Queens on odd boards, one board per task."""
from multiprocessing import Pool


def solve(task):
    size, blocked = task
    full = (1 << size) - 1

    def place(row, cols, left, right):
        if row == size:
            return 1
        free = full & ~(cols | left | right | (blocked if row == 3 else 0))
        count = 0
        while free:
            bit = free & -free
            free ^= bit
            count += place(row + 1, cols | bit, (left | bit) << 1, (right | bit) >> 1)
        return count

    return size, blocked, place(0, 0, 0, 0)


def main():
    tasks = [(10, 1 << k) for k in range(9)] + [(11, 3 << k) for k in range(9)]
    tally = {}
    with Pool(2) as pool:
        for size, blocked, n in pool.imap_unordered(solve, tasks, chunksize=1):
            tally[size, blocked] = n
    for size in (10, 11):
        counts = [tally[k] for k in sorted(tally) if k[0] == size]
        print(size, sum(counts), counts[:4])


if __name__ == "__main__":
    main()
