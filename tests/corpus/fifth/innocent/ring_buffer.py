"""Watch a radio band: spectrum of the latest window, block after block."""
import numpy as np

WINDOW, HOP = 16384, 512


def radio(n):
    t = np.arange(HOP)
    for k in range(n):
        f = 0.05 + 0.1 * (k // 200 % 3)
        yield np.sin(2 * np.pi * f * (t + k * HOP)) + 0.01 * np.cos(t * k)


def watch(stream):
    buf = np.zeros(WINDOW)
    strongest = []
    for block in stream:
        buf = np.concatenate((buf[HOP:], block))
        spectrum = np.abs(np.fft.rfft(buf))
        strongest.append(int(spectrum.argmax()))
    return strongest


bins = watch(radio(2600))
changes = sum(1 for a, b in zip(bins, bins[1:]) if a != b)
print(len(bins), bins[0], bins[1000], bins[-1], changes)
