from multiprocessing import Pool


def digit_square_sum(number):
    return sum(int(digit) ** 2 for digit in str(number))


def happy_share(values):
    return sum(value in {1, 10, 100, 130, 97} for value in values) / len(values)


def main():
    with Pool(2) as pool:
        values = pool.map(digit_square_sum, range(30_000), chunksize=1)
    print(len(values), sum(values), round(happy_share(values), 6))


if __name__ == "__main__":
    main()
