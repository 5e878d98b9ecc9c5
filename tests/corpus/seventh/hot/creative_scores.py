import multiprocessing as mp


def relevance(code):
    h = code * 2654435761 % 4294967296
    return (h >> 7) % 1000 / 1000 + (h & 127) / 50000


def settle(pool, codes):
    best_code, best, total = -1, -1.0, 0.0
    for code, score in zip(codes, pool.imap(relevance, codes)):
        total += score
        if score > best:
            best_code, best = code, score
    return best_code, best, total


def main():
    codes = [c * 3 + 1 for c in range(26_000)]
    with mp.Pool(2) as pool:
        code, best, total = settle(pool, codes)
    print(code, round(best, 5), round(total / len(codes), 6))


if __name__ == "__main__":
    main()
