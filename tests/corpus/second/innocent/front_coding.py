import random

ALPHABET = "ACGT-N"


def column_stack(n):
    rng = random.Random(2)
    unit = "".join(rng.choices(ALPHABET, weights=(9, 5, 5, 9, 2, 1), k=5000))
    return unit * (n // 5000)


def transform(text):
    recent = list(ALPHABET)
    codes = bytearray()
    for symbol in text:
        if symbol in recent[:1]:
            codes.append(0)
            continue
        at = recent.index(symbol)
        codes.append(at)
        recent.insert(0, recent.pop(at))
    return codes


def main():
    codes = transform(column_stack(4_000_000))
    print("symbols", len(codes), "zeros", codes.count(0))
    print([codes.count(k) for k in range(1, len(ALPHABET))])


main()
