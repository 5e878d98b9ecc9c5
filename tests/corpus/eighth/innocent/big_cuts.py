"""Cutting plans for barley sacks, exact search per truck."""
from multiprocessing import Pool


def ways(truck):
    capacity, sacks = truck
    reach = {0: 1}
    for sack in sacks:
        nxt = dict(reach)
        for load, n in reach.items():
            if load + sack <= capacity:
                nxt[load + sack] = nxt.get(load + sack, 0) + n
        reach = nxt
    return capacity, max(reach), sum(reach.values())


def trucks():
    for i in range(10):
        size = 5_000 + 3_000 * (i * 7 % 10)
        yield size, [97 + (i * 31 + k * k * 13) % 900 for k in range(44)]


if __name__ == "__main__":
    with Pool(2) as yard:
        for capacity, load, n in yard.imap(ways, trucks(), chunksize=1):
            print(capacity, load, n)
