import numpy as np


def picture(n):
    y, x = np.mgrid[:n, :n]
    return np.sin(x / 11.0) * np.cos(y / 7.0) + 0.1 * ((x * y) % 13)


class Features:
    """Collects one descriptor per patch."""

    def __init__(self, size):
        self.size = size
        self.matrix = np.empty((0, size * size))

    def add(self, patch):
        self.matrix = np.vstack((self.matrix, patch.reshape(1, -1)))

    def principal(self):
        c = self.matrix - self.matrix.mean(axis=0)
        return np.linalg.eigvalsh(c.T @ c)[-3:]


def tiles(img, size, stride):
    for r in range(0, img.shape[0] - size, stride):
        for c in range(0, img.shape[1] - size, stride):
            yield img[r:r + size, c:c + size]


features = Features(8)
for tile in tiles(picture(420), 8, 7):
    if tile.std() > 0.05:
        features.add(tile)
print(features.matrix.shape, np.round(features.principal(), 3))
