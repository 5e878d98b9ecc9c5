import lzma
from multiprocessing import get_context


def packed_size(number):
    text = "".join(f"{(i * i * (number + 3)) % 9_973}," for i in range(9_000))
    return len(lzma.compress(text.encode(), preset=6))


def main():
    done = 0
    total = 0
    with get_context("fork").Pool(2) as pool:
        for size in pool.imap(packed_size, range(50)):
            done += 1
            total += size
    print(done, total > 0)


if __name__ == "__main__":
    main()
