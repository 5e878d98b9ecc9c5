import math
from multiprocessing import get_context


def distance(x, y):
    return math.hypot(x, y)


def offsets(count):
    return [((i * 37) % 1_000 / 10, (i * 91) % 1_000 / 10) for i in range(count)]


def main():
    pairs = offsets(30_000)
    context = get_context("fork")
    pool = context.Pool(2)
    try:
        distances = pool.starmap(distance, pairs, 1)
    finally:
        pool.close()
        pool.join()
    print(len(distances), round(sum(distances), 6))


if __name__ == "__main__":
    main()
