import zlib

PAYMENTS = [("EUR", 120), ("USD", 75), ("SEK", 410), ("GBP", 33)] * 500


def in_major_currency(payments):
    total = 0
    for code, amount in payments:
        if code in ("EUR", "USD", "GBP"):
            total += amount
    return total


def archive(payments):
    blob = repr(payments).encode() * 5_000
    return zlib.crc32(zlib.compress(blob, 9))


if __name__ == "__main__":
    print(in_major_currency(PAYMENTS), archive(PAYMENTS))
