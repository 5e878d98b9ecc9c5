from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np


@dataclass
class Tile:
    number: int
    pixels: np.ndarray


def tiles(n, side):
    for k in range(n):
        g = np.random.default_rng(k)
        smooth = np.add.outer(np.sin(np.arange(side) / (9 + k)), np.cos(np.arange(side) / 13))
        yield Tile(k, smooth + 0.1 * g.random((side, side)))


def squeeze(tile, rank=12):
    u, s, vt = np.linalg.svd(tile.pixels, full_matrices=False)
    approx = (u[:, :rank] * s[:rank]) @ vt[:rank]
    error = np.linalg.norm(tile.pixels - approx) / np.linalg.norm(tile.pixels)
    return tile.number, round(float(error), 5)


def main():
    with ThreadPoolExecutor(6) as ex:
        jobs = [ex.submit(squeeze, t) for t in tiles(12, 180)]
        errors = dict(j.result() for j in as_completed(jobs))
    for number in sorted(errors)[:3]:
        print(number, errors[number])
    print("mean", round(sum(errors.values()) / len(errors), 5))


main()
