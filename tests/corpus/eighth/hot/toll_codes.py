from concurrent.futures import ProcessPoolExecutor
import zlib


def seal(number):
    body = f"DK{number:07d}"
    return zlib.crc32(body.encode()) % 97


def main():
    waybills = range(2_000_000, 2_014_000)
    good = 0
    histogram = [0] * 97
    with ProcessPoolExecutor(max_workers=2) as docks:
        for code in docks.map(seal, waybills):
            histogram[code] += 1
            good += code > 9
    print("good", good, "of", len(waybills))
    print("commonest", histogram.index(max(histogram)))


if __name__ == "__main__":
    main()
