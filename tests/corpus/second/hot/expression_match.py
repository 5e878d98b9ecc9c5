import sys

import numpy as np

GENES = 900


def profiles(cells, seed):
    g = np.random.default_rng(seed)
    counts = g.poisson(2.5, (cells // 10, GENES)) + np.arange(GENES) % 4
    return np.repeat(np.log1p(counts.astype(np.float64)), 10, axis=0)


def closest_reference(cells, reference, block=2000):
    answer = []
    half = 0.5 * (reference * reference).sum(axis=1)
    for start in range(0, len(cells), block):
        part = cells[start:start + block]
        answer.append(np.argmax(part @ reference.T - half, axis=1))
    return np.concatenate(answer)


def main(argv):
    n = int(argv[1]) if len(argv) > 1 else 12_000
    g = np.random.default_rng(5)
    reference = profiles(2000, 1)
    reference += np.round(g.normal(0, 0.3, reference.shape), 2)
    cells = profiles(n, 2)
    label = closest_reference(cells, reference)
    used = np.bincount(label // 100, minlength=20)
    print("cells", n, "types hit", int((used > 0).sum()))
    print("share of largest", f"{used.max() / n:.2f}")


main(sys.argv)
