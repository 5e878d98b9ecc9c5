"""Which detections of tonight have a counterpart in the reference catalogue?"""
import argparse

import numpy as np


def load_reference(n, seed):
    g = np.random.default_rng(seed)
    ident = g.choice(4_000_000, size=n, replace=False)
    mag = g.normal(15, 2, n)
    return ident[mag < 17.5]


def nights(k, n, seed):
    g = np.random.default_rng(seed)
    for night in range(k):
        yield night, g.integers(0, 4_000_000, n)


def main(argv=None):
    ap = argparse.ArgumentParser()
    ap.add_argument("--nights", type=int, default=4)
    ap.add_argument("--detections", type=int, default=11000)
    args = ap.parse_args(argv)

    reference = load_reference(90_000, 5)
    for night, found in nights(args.nights, args.detections, 17):
        matched = [ident for ident in found.tolist() if ident in reference]
        low = min(matched) if matched else None
        print(night, len(matched), low)


main([])
