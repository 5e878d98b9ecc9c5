import numpy as np


def scan(height, width, seed):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width), dtype=np.uint8)


def to_linear(img):
    return img.astype(np.float64) / 255.0


def smooth(plane, passes):
    for _ in range(passes):
        plane[1:] += plane[:-1]
        plane[1:] *= 0.5
        plane[:-1] += plane[1:]
        plane[:-1] *= 0.5
    return plane


def relief(fine, coarse):
    np.subtract(fine, coarse, out=fine)
    return np.clip(fine * 127 + 128, 0, 255).astype(np.uint8)


picture = scan(2800, 4000, 1508)
base = to_linear(picture)
blurred = smooth(base.copy(), 11)
shape = relief(base, blurred)
print(shape.shape, round(float(shape.mean()), 1), int(np.median(shape[::16, ::16])))
