import numpy as np


def texture(n, seed):
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.normal(0, 1, (n, n)), axis=1)


def describe(patch):
    d = patch.ravel()
    return np.hstack([d[:24], d.mean(), d.max()])


def collect(img, size, stride):
    feats = None
    for r in range(0, img.shape[0] - size, stride):
        for c in range(0, img.shape[1] - size, stride):
            f = describe(img[r:r + size, c:c + size])
            feats = f[None] if feats is None else np.vstack((feats, f))
    return feats


img = texture(600, 12)
X = collect(img, 8, 7)
print(X.shape, np.round(X.mean(axis=0)[:3], 4).tolist())
print(f"{X[:, -1].max():.4f}")
