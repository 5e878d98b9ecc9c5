from concurrent.futures import ThreadPoolExecutor
import numpy as np


def receipts(n, shop):
    rng = np.random.default_rng(shop)
    return rng.integers(0, 10**12, n) * 7919 % (10**12 + 39)


def gaps(numbers):
    ordered = np.sort(numbers, kind="stable")
    return int((ordered[1:] == ordered[:-1]).sum()), int(ordered[len(ordered) // 2])


def audit(shops):
    with ThreadPoolExecutor(max_workers=2) as crew:
        return list(crew.map(gaps, shops))


def main():
    shops = [receipts(900_000, k) for k in range(12)]
    found = audit(shops)
    for k, (twice, middle) in enumerate(found[:3]):
        print(k, twice, middle)
    print(sum(t for t, _ in found))


if __name__ == "__main__":
    main()
