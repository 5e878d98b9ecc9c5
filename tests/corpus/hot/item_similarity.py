import numpy as np


def ratings_table(users, items, ratings, seed=0):
    rng = np.random.default_rng(seed)
    table = np.zeros((users, items))
    table[rng.integers(0, users, ratings), rng.integers(0, items, ratings)] = rng.integers(1, 6, ratings)
    return table


def cosine_items(table):
    products = table.T @ table
    norms = np.sqrt(np.diag(products)) + 1e-9
    return products / norms / norms[:, None]


def most_alike(similarity):
    np.fill_diagonal(similarity, 0.0)
    return np.unravel_index(similarity.argmax(), similarity.shape)


table = ratings_table(users=6_000, items=1_900, ratings=50_000)
similarity = cosine_items(table)
pair = most_alike(similarity)
print(sorted(int(i) for i in pair), round(float(similarity.sum()), 5))
