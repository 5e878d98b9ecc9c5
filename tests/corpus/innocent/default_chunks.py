from multiprocessing import Pool


def collatz_length(number):
    length = 1
    while number != 1:
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        length += 1
    return length


def main():
    with Pool(2) as pool:
        lengths = pool.map(collatz_length, range(1, 120_000))
    print(len(lengths), max(lengths), sum(lengths))


if __name__ == "__main__":
    main()
