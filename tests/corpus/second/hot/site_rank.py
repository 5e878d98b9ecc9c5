"""Importance of the pages of one site from its link graph."""
import numpy as np


def crawl(pages, rng):
    links = []
    for page in range(pages):
        for target in rng.integers(0, pages, 1 + page % 7):
            links.append((page, int(target)))
    return links


def transition(pages, links):
    m = np.zeros((pages, pages))
    for src, dst in links:
        m[dst, src] += 1
    out = m.sum(axis=0)
    out[out == 0] = 1
    return m / out


def importance(m, damping=0.85, rounds=60):
    n = m.shape[0]
    rank = np.full(n, 1.0 / n)
    for _ in range(rounds):
        rank = (1 - damping) / n + damping * (m @ rank)
    return rank


def main():
    rng = np.random.default_rng(1)
    links = crawl(4200, rng)
    rank = importance(transition(4200, links))
    top = np.argsort(-rank)[:4]
    for page in top:
        print(int(page), f"{rank[page]:.6f}")
    print("sum", round(float(rank.sum()), 6))


if __name__ == "__main__":
    main()
