from multiprocessing import Pool
import random


def moves_from(square, taken):
    file, rank = ord(square[0]) - 97, int(square[1])
    for df, dr in ((1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1)):
        f, r = file + df, rank + dr
        if 0 <= f < 8 and 1 <= r <= 8:
            nxt = f"{chr(97 + f)}{r}"
            if nxt not in taken:
                yield nxt


def explore(start):
    gen = random.Random(start)
    lengths = {}
    for _ in range(260):
        taken, here = {start}, start
        while options := list(moves_from(here, taken)):
            here = gen.choice(options)
            taken.add(here)
        lengths[here] = max(len(taken), lengths.get(here, 0))
    return start, max(lengths.values())


def main():
    starts = [f + r for f in "abcdefg" for r in "14"]
    with Pool(2) as crew:
        found = crew.map(explore, starts, chunksize=1)
    for start, longest in found[:5]:
        print(start, longest)
    print(len(found))


if __name__ == "__main__":
    main()
