import multiprocessing as mp


def zobrist(ply):
    h = (ply * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    h ^= h >> 31
    return h % 4093


def buckets(plies, workers):
    slots = [0] * 4093
    with mp.Pool(workers) as pool:
        for slot in pool.imap(zobrist, plies):
            slots[slot] += 1
    return slots


def main():
    slots = buckets(range(25000), 2)
    print("used", sum(1 for s in slots if s), "fullest", max(slots))


if __name__ == "__main__":
    main()
