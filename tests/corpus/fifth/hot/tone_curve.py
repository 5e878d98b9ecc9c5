"""Filmic tone mapping of a synthetic HDR panorama."""
import functools

import numpy as np


def panorama(h, w):
    y = np.linspace(0, 3, h)[:, None, None]
    x = np.linspace(0, 9, w)[None, :, None]
    c = np.array([1.0, 0.8, 0.6])[None, None, :]
    return (np.sin(x * y) + 1.0) * c * 4.0


STEPS = [
    lambda v: v * 0.6,
    lambda v: (v * (2.51 * v + 0.03)) / (v * (2.43 * v + 0.59) + 0.14),
    lambda v: np.clip(v, 0.0, 1.0),
    lambda v: np.where(v <= 0.0031308, 12.92 * v, 1.055 * np.power(v + 1e-9, 1 / 2.4) - 0.055),
    lambda v: 0.5 + 0.5 * np.tanh(2.2 * (v - 0.5)),
]


def develop(img):
    return functools.reduce(lambda v, step: step(v), STEPS, img)


def stats(img):
    return " ".join(f"{m:.4f}" for m in img.reshape(-1, 3).mean(axis=0))


hdr = panorama(1500, 3000)
ldr = develop(hdr)
print(hdr.shape, stats(hdr))
print(ldr.shape, stats(ldr))
