import numpy as np


def embedding_table(words, width):
    table = np.empty((words, width))
    table[:] = np.cos(np.arange(width))
    table *= (1.0 + np.arange(words)[:, None] % 11) / 11.0
    return table


def sentences(count, length, words):
    return (np.arange(count * length, dtype=np.int64) * 48_271 % words).reshape(count, length)


def sentence_vectors(table, tokens):
    vectors = np.empty((len(tokens), table.shape[1]))
    for start in range(0, len(tokens), 1_000):
        chunk = tokens[start : start + 1_000]
        vectors[start : start + 1_000] = table[chunk].mean(axis=1)
    return vectors


table = embedding_table(30_000, 128)
vectors = sentence_vectors(table, sentences(24_000, 24, 30_000))
print(vectors.shape, round(float(vectors.sum()), 3))
