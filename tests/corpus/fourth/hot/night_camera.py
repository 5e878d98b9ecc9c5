"""Finds moving pixels in the frames of a wildlife camera."""
import numpy as np


def frames(count, h, w):
    rng = np.random.default_rng(6)
    ground = rng.integers(20, 180, (h, w), dtype=np.uint8)
    stack = np.repeat(ground[None], count, axis=0)
    for k in range(count):
        stack[k, 40 + 5 * k:70 + 5 * k, 100:140] = 250
    return stack


def moving(stack, factor):
    film = stack.astype(float)
    mean = film.mean(axis=0)
    spread = film.std(axis=0) + 4.0
    score = np.abs(film - mean) / spread
    return (score > factor).sum(axis=(1, 2)), float(spread.mean())


stack = frames(44, 720, 900)
hits, spread = moving(stack, 2.5)
print("busiest frame", int(hits.argmax()), "pixels", int(hits.sum()), "spread", round(spread, 1))
