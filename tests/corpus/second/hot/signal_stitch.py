"""Stitch base-called chunks of a nanopore run together again."""
import numpy as np

CHUNK = 400


def chunks(n, seed):
    g = np.random.default_rng(seed)
    level = 80.0
    for k in range(n):
        level += g.normal(0, 0.2)
        yield k, (level + g.normal(0, 1.5, CHUNK)).round(2)


def stitch(stream, overlap=16):
    signal = None
    dropped = 0
    for k, piece in stream:
        if signal is None:
            signal = piece
            continue
        if k % 50 == 49:
            dropped += 1
            continue
        signal = np.concatenate((signal, piece[overlap:]))
    return signal, dropped


def main():
    signal, dropped = stitch(chunks(2400, 30))
    print("samples", signal.size, "dropped chunks", dropped)
    print("mean", round(float(signal.mean()), 4), "median", round(float(np.median(signal)), 3))


if __name__ == "__main__":
    main()
