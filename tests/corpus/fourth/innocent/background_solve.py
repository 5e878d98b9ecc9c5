import queue
from concurrent.futures import ThreadPoolExecutor

import numpy as np


def stiffness(n, seed):
    rng = np.random.default_rng(seed)
    b = rng.random((n, n))
    return b @ b.T / n + np.eye(n)


def settle(job):
    seed, load = job
    k = stiffness(1_500, seed)
    return load, float(np.linalg.solve(k, np.full(1_500, load)).sum())


log = queue.Queue()
with ThreadPoolExecutor(max_workers=1) as desk:
    futures = [desk.submit(settle, (s, 1.0 + s)) for s in range(7)]
    for f in futures:
        log.put(f.result())
while not log.empty():
    load, u = log.get()
    print(load, round(u, 2))
