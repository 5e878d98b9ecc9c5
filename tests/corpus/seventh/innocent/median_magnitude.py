import os
import tempfile


def write_catalog(path, events):
    with open(path, "w") as out:
        for k in range(events):
            out.write("%d\n" % (k * 7919 % 1_000_003))


def order_statistics(path):
    with open(path) as catalog:
        values = sorted(map(int, catalog.read().split()))
    n = len(values)
    gap = max(b - a for a, b in zip(values[::40], values[40::40]))
    return n, values[n // 2], values[n // 10], gap


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "catalog.txt")
        write_catalog(path, 620_000)
        for _ in range(2):
            stats = order_statistics(path)
    print(*stats)


if __name__ == "__main__":
    main()
