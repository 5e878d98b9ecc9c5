"""Maidenhead locators for lots of positions."""
import random
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat


def locator(lat, lon, pairs):
    lon, lat = (lon + 180) / 20, (lat + 90) / 10
    out = [chr(65 + int(lon)), chr(65 + int(lat))]
    for _ in range(pairs):
        lon, lat = lon % 1 * 10, lat % 1 * 10
        out += [str(int(lon)), str(int(lat))]
    return "".join(out)


def positions(n):
    rng = random.Random(1)
    return [(rng.uniform(-60, 70), rng.uniform(-180, 180)) for _ in range(n)]


def main():
    where = positions(6000)
    with ProcessPoolExecutor(2) as ex:
        labels = list(ex.map(locator, *zip(*where), repeat(3)))
    fields = {}
    for label in labels:
        fields.setdefault(label[:2], []).append(label)
    print(len(labels), "labels in", len(fields), "fields")
    print(max(fields, key=lambda f: (len(fields[f]), f)), labels[0], labels[-1])


if __name__ == "__main__":
    main()
