import multiprocessing


def bit_parity(number):
    return bin(number).count("1") & 1


def numbers(count):
    return ((n * 2_654_435_761) % 2**32 for n in range(count))


def odd_parities(count):
    odd = 0
    with multiprocessing.Pool(processes=2) as workers:
        for parity in workers.imap_unordered(bit_parity, numbers(count)):
            odd += parity
    return odd


if __name__ == "__main__":
    print(odd_parities(25_000))
