import random
import numpy as np


def tickets(n, vocab, seed):
    r = random.Random(seed)
    return [[min(int(r.paretovariate(0.5)), vocab) - 1 for _ in range(14)] for _ in range(n)]


def vectorise(docs, vocab):
    X = np.zeros((len(docs), vocab))
    for i, doc in enumerate(docs):
        for t in doc:
            X[i, t] += 1
    df = (X > 0).sum(axis=0)
    X *= np.log((1 + len(docs)) / (1 + df))
    norm = np.sqrt(np.einsum("ij,ij->i", X, X))
    return X / np.maximum(norm, 1e-12)[:, None]


def duplicates(X, threshold):
    sim = X @ X.T
    np.fill_diagonal(sim, 0)
    i, j = np.nonzero(sim > threshold)
    keep = i < j
    return list(zip(i[keep].tolist(), j[keep].tolist()))


docs = tickets(2400, 4500, 71)
pairs = duplicates(vectorise(docs, 4500), 0.9)
print(len(pairs), pairs[:3])
