# Quantiles of latency samples, one process per core
from multiprocessing import Pool

import numpy as np


def latency(seed):
    g = np.random.default_rng(seed)
    base = g.exponential(30.0, 550_000)
    spikes = g.random(len(base)) < 0.002
    base[spikes] *= 25
    base.sort()
    cut = [int(len(base) * q) for q in (0.5, 0.95, 0.999)]
    return [float(base[c]) for c in cut]


class Board:
    def __init__(self, services):
        self.services = services
        self.rows = {}

    def refresh(self, pool):
        seeds = [1000 + i for i in range(len(self.services))]
        for name, row in zip(self.services, pool.map(latency, seeds)):
            self.rows[name] = row


if __name__ == "__main__":
    board = Board([f"svc-{c}{n}" for c in "abcdef" for n in range(8)])
    with Pool(2) as pool:
        board.refresh(pool)
    for name in sorted(board.rows)[:3]:
        print(name, *(f"{v:.2f}" for v in board.rows[name]))
