from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np


def largest_risk(assets, seed):
    rng = np.random.default_rng(seed)
    returns = rng.normal(0, 0.01, (400, assets))
    covariance = returns.T @ returns / 400
    return float(np.linalg.eigvalsh(covariance)[-1])


class Desk:
    def __init__(self, workers):
        self.workers = workers

    def scan(self, seeds):
        with ProcessPoolExecutor(self.workers, mp_context=get_context("fork")) as pool:
            jobs = [pool.submit(largest_risk, 220, seed) for seed in seeds]
            return [job.result() for job in jobs]


if __name__ == "__main__":
    risks = Desk(workers=6).scan(range(10))
    print(len(risks), round(max(risks), 9))
