import string
from concurrent.futures import ProcessPoolExecutor

WEIGHTS = (8, 7, 6, 5, 4, 3, 2)


def valid(plate):
    digits = [int(c, 36) for c in plate[:-1]]
    check = sum(w * d for w, d in zip(WEIGHTS, digits)) % 23
    return string.ascii_uppercase[check] == plate[-1]


def plates(n):
    for i in range(n):
        yield f"{i * 7919 % 10_000_000:07d}{string.ascii_uppercase[i * 31 % 23]}"


def main():
    with ProcessPoolExecutor(max_workers=2) as ex:
        good = sum(ex.map(valid, plates(9_000)))
    print("valid plates", good)


if __name__ == "__main__":
    main()
