import numpy as np


def co_loans(titles, per_title, seed):
    rng = np.random.default_rng(seed)
    flow = np.zeros((titles, titles))
    for t in range(titles):
        nxt = rng.integers(0, titles, per_title)
        flow[nxt, t] += 1.0
    return flow / np.maximum(flow.sum(axis=0), 1.0)


def popularity(flow, restart=0.15, rounds=60):
    n = flow.shape[0]
    weight = np.full(n, 1.0 / n)
    base = restart / n
    for _ in range(rounds):
        weight = base + (1 - restart) * flow.dot(weight)
    return weight / weight.sum()


def main():
    flow = co_loans(3400, 10, 15)
    weight = popularity(flow)
    top = np.argsort(-weight)[:5]
    for t in top:
        print(f"title {t:5d} {weight[t] * 1e4:.3f}")


if __name__ == "__main__":
    main()
