from concurrent.futures import ThreadPoolExecutor
import numpy as np


def window(k, n):
    rng = np.random.default_rng(k)
    return rng.standard_normal((n, n)) / n


def factor(block):
    m = block @ block.T
    m.flat[::len(m) + 1] += 1.0
    low = np.linalg.cholesky(m)
    return 2 * float(np.log(np.diag(low)).sum()), m.shape[0]


def main():
    dets = []
    worker = ThreadPoolExecutor(max_workers=1)
    blocks = [window(k, 700) for k in range(3)]
    for turn in range(10):
        job = worker.submit(factor, blocks[turn % 3] * (1 + turn))
        dets.append(job.result()[0])
    worker.shutdown()
    print(len(dets), f"{dets[0]:.6f} {dets[-1]:.5f}")


main()
