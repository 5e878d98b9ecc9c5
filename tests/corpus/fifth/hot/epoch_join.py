# Stitch EEG blocks, correcting the offset at each seam
import functools

import numpy as np

BLOCK = 96


def blocks(n):
    for k in range(n):
        t = np.arange(BLOCK) + k * BLOCK
        yield np.sin(t / 17.0) + (k % 5) * 0.5


def stitch(sofar, block):
    jump = block[0] - sofar[-1]
    return np.concatenate([sofar, block - jump])


def power(signal, width=1024):
    cut = signal[: len(signal) // width * width].reshape(-1, width)
    return np.abs(np.fft.rfft(cut, axis=1)).mean(axis=0)


signal = functools.reduce(stitch, blocks(3600))
p = power(signal)
print(len(signal), f"{signal.min():.4f} {signal.max():.4f}", int(p.argmax()), f"{p.max():.4f}")
