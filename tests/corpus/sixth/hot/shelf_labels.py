import multiprocessing as mp


def check_letter(barcode):
    acc = 0
    for k, ch in enumerate(barcode):
        d = ord(ch) - 48
        if k % 2 == 0:
            d = d * 2 - 9 * (d > 4)
        acc += d
    return "ABCDEFGHIJ"[-acc % 10]


def barcodes(n):
    return [f"{(k * 7919 + 13) % 10_000_000:07d}" for k in range(n)]


class Shelf:
    def __init__(self):
        self.labels = {}

    def stick(self, code, letter):
        self.labels[code] = letter


def main():
    shelf = Shelf()
    codes = barcodes(35_000)
    with mp.Pool(2) as crew:
        letters = crew.imap(check_letter, codes)
        for code, letter in zip(codes, letters):
            shelf.stick(code, letter)
    first = sorted(shelf.labels.items())[:3]
    print(len(shelf.labels), first, sum(v == "A" for v in shelf.labels.values()))


if __name__ == "__main__":
    main()
