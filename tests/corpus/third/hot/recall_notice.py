import argparse
import numpy as np


def load_orders(n, rng):
    customers = rng.integers(0, 5000, n)
    articles = rng.integers(100_000, 160_000, n)
    pieces = rng.integers(1, 6, n)
    return list(zip(customers.tolist(), articles.tolist(), pieces.tolist()))


def affected(orders, withdrawn):
    letters = {}
    for cust, art, qty in orders:
        if art in withdrawn:
            letters.setdefault(cust, []).append((art, qty))
    return letters


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--lines", type=int, default=110000)
    ap.add_argument("--seed", type=int, default=4)
    ns = ap.parse_args()
    rng = np.random.default_rng(ns.seed)
    orders = load_orders(ns.lines, rng)
    withdrawn = rng.choice(np.arange(100_000, 160_000), size=14000, replace=False)
    letters = affected(orders, withdrawn)
    units = sum(q for items in letters.values() for _, q in items)
    print(f"{len(letters)} letters, {units} units")


if __name__ == "__main__":
    main()
