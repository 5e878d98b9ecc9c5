import numpy as np


def embeddings(count, width, seed):
    rng = np.random.default_rng(seed)
    vectors = rng.random((count, width)) - 0.5
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def best_matches(queries, library):
    similarity = queries @ library.T
    return similarity.argmax(axis=1)


def main():
    library = embeddings(4_500, 256, seed=1)
    queries = library + 0.05 * library[::-1]
    found = best_matches(queries=queries, library=library)
    print(int((found == np.arange(4_500)).sum()), found[:4].tolist())


if __name__ == "__main__":
    main()
