"""Line of sight from many towers, in worker processes."""
from concurrent.futures import ProcessPoolExecutor

import numpy as np


def skyline(seed):
    g = np.random.default_rng(seed)
    ground = g.normal(0, 1, 250_000).cumsum()
    names = []
    seen = 0
    for eye in range(0, 250_000, 5000):
        rise = (ground[eye + 1:eye + 9000] - ground[eye] - 30) / np.arange(1, len(ground[eye + 1:eye + 9000]) + 1)
        horizon = np.maximum.accumulate(rise)
        seen += int(np.count_nonzero(rise >= horizon))
        names.append("%s%d" % ("NESW"[eye // 5000 % 4], int(np.sort(rise)[-1] * 1000)))
    return seen, "".join(sorted(names))[:6]


def main():
    with ProcessPoolExecutor(2) as ex:
        results = list(ex.map(skyline, range(40)))
    seen = [s for s, _ in results]
    print("towers", len(results), "points seen", sum(seen))
    print("best", results[seen.index(max(seen))])


if __name__ == "__main__":
    main()
