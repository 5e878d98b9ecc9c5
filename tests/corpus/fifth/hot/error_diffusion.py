import argparse

import numpy as np


def gradient(h, w):
    y = np.linspace(0, 1, h)[:, None]
    x = np.linspace(0, 1, w)[None, :]
    return 255 * (0.5 + 0.5 * np.sin(9 * x * y + 3 * y))


def dither(src, levels):
    img = src.astype(np.float64)
    h, w = img.shape
    step = 255.0 / (levels - 1)
    for r in range(h - 1):
        for c in range(1, w - 1):
            old = img[r, c]
            new = min(max(round(old / step), 0), levels - 1) * step
            img[r, c] = new
            e = old - new
            img[r, c + 1] += e * 7 / 16
            img[r + 1, c - 1] += e * 3 / 16
            img[r + 1, c] += e * 5 / 16
            img[r + 1, c + 1] += e / 16
    return img[:-1, 1:-1]


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--height", type=int, default=520)
    p.add_argument("--width", type=int, default=640)
    p.add_argument("--levels", type=int, default=3)
    return p.parse_args()


opts = parse()
out = dither(gradient(opts.height, opts.width), opts.levels)
print(out.shape, f"{out.mean():.4f}", int((out == 0).sum()))
