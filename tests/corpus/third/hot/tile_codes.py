import lzma
import numpy as np


def mosaic(n, seed):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:n, 0:n]
    base = (np.sin(x / 9.0) * 50 + np.cos(y / 13.0) * 50 + 120)
    return (base + rng.integers(0, 6, (n, n))).astype(np.uint8)


def tiles(img, size):
    for r in range(0, img.shape[0], size):
        for c in range(0, img.shape[1], size):
            yield (r, c), np.ascontiguousarray(img[r:r + size, c:c + size])


def weigh(tile):
    delta = np.diff(tile.astype(np.int16), axis=1).astype(np.int8)
    packed = lzma.compress(delta.tobytes(), preset=6)
    return len(packed)


if __name__ == "__main__":
    img = mosaic(1280, 77)
    ledger = []
    for where, tile in tiles(img, 256):
        size = weigh(tile)
        ledger.append((size, where))
    ledger.sort()
    print(len(ledger), "tiles", sum(s for s, _ in ledger), "bytes")
    print("lightest", ledger[0], "heaviest", ledger[-1])
