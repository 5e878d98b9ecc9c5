import numpy as np


def pool_of(n, d, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, (n, d)) * np.linspace(0.2, 2, d)


def spread_out(pool, budget):
    chosen = pool[:1]
    order = [0]
    for _ in range(budget):
        gaps = np.full(len(pool), np.inf)
        for centre in chosen:
            gaps = np.minimum(gaps, ((pool - centre) ** 2).sum(axis=1))
        nxt = int(np.argmax(gaps - 0.01 * ((pool - chosen.mean(axis=0)) ** 2).sum(axis=1)))
        order.append(nxt)
        chosen = np.concatenate([chosen, pool[nxt:nxt + 1]])
    return order, chosen


order, chosen = spread_out(pool_of(1800, 10, 31), 110)
print(order[:8], len(set(order)))
print(np.round(chosen.std(axis=0)[:3], 5).tolist())
