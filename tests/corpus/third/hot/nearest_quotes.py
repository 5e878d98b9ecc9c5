import numpy as np


def embeddings(n, dims, seed):
    rng = np.random.default_rng(seed)
    return np.round(rng.uniform(-1, 1, (n, dims)), 3)


class Library:
    def __init__(self, vectors):
        self.vectors = vectors
        self.length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))

    def closest(self, q, k):
        cosine = self.vectors @ q
        cosine /= self.length * np.sqrt(q @ q)
        best = np.argpartition(-cosine, k)[:k]
        return sorted(zip(np.round(cosine[best], 3).tolist(), best.tolist()), reverse=True)


lib = Library(embeddings(110_000, 192, 16))
hits = []
for start in range(0, 4000, 100):
    q = lib.vectors[start] + 0.2 * lib.vectors[start + 1]
    hits.append(lib.closest(q, 3)[0])
print(len(hits), *(f"{score:.3f} {i}" for score, i in (hits[0], hits[-1])))
print(sum(i == 100 * j for j, (_, i) in enumerate(hits)))
