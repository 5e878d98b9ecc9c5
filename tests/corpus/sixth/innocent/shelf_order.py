import numpy as np


def holdings(n):
    rng = np.random.default_rng(14)
    return rng.integers(0, 1_000_000, n), rng.integers(1850, 2025, n), rng.integers(0, 40, n)


def walk(call, year, branch):
    order = np.lexsort((call % 1009, (year - 1850) // 5, branch ^ 3))
    return order


def checksum(order):
    picks = order[:: max(1, order.size // 1000)]
    return int((picks * np.arange(picks.size)).sum() % 1_000_003)


def main():
    call, year, branch = holdings(3_200_000)
    order = walk(call, year, branch)
    print(checksum(order), int(call[order[0]]), int(year[order[-1]]))


if __name__ == "__main__":
    main()
