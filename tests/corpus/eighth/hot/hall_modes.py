"""Room modes of concert halls, one hall per worker."""
from multiprocessing import Pool
import numpy as np

CELLS = 640


def hall(seed):
    rng = np.random.default_rng(seed)
    a = rng.random((CELLS, CELLS))
    return a / a.sum(axis=0)


def reverberation(seed):
    walls = hall(seed)
    field = walls
    for _ in range(4):
        field = field @ walls + 0.01 * walls
    return round(float(np.trace(field)), 6)


def main():
    halls = range(10)
    with Pool(4) as crew:
        values = crew.map(reverberation, halls, chunksize=1)
    for name, v in zip(("first", "last"), (values[0], values[-1])):
        print(name, v)
    print(len(values))


if __name__ == "__main__":
    main()
