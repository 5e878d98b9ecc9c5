"""1-nearest-neighbour digits: match blurred copies with their originals."""
import numpy as np

SIDE = 28


def bank(n, seed):
    g = np.random.default_rng(seed)
    images = g.integers(0, 256, (n, SIDE * SIDE))
    images[g.random(images.shape) < 0.5] = 0
    return images.astype(float)


def disturb(images, seed):
    g = np.random.default_rng(seed)
    noisy = images + g.integers(-40, 41, images.shape)
    return np.clip(noisy, 0, 255)


def nearest(queries, train):
    norms = (train * train).sum(axis=1)
    d = norms[None, :] - 2 * (queries @ train.T)
    return d.argmin(axis=1)


train = bank(3200, 1)
right = total = 0
for seed in (5, 6, 7, 8):
    picks = nearest(disturb(train, seed), train)
    right += int((picks == np.arange(len(train))).sum())
    total += len(picks)
print(right, "of", total)
