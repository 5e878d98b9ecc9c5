"""Haze removal over a long strip, kept within the cache on purpose."""
import numpy as np

STEP = 16_384


def strip(n):
    g = np.random.default_rng(90)
    return np.tile(g.random(STEP), n // STEP)


def clear(raw, out, air=0.8):
    t = np.empty(STEP)
    for lo in range(0, raw.size, STEP):
        part = raw[lo:lo + STEP]
        w = t[:part.size]
        np.subtract(part, air, out=w)
        np.multiply(w, 1.25, out=w)
        np.add(w, air, out=w)
        np.maximum(w, 0.0, out=w)
        np.sqrt(w, out=out[lo:lo + STEP])
    return out


pixels = strip(6_553_600)
result = np.empty_like(pixels)
for k in range(16):
    clear(pixels, result, 0.7 + 0.01 * k)
    if k % 8 == 0:
        print(k, round(float(result[:STEP].sum()), 10))
print(repr(round(float(result.sum()), 8)))
