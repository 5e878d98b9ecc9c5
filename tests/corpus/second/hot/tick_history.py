import numpy as np


class Ticker:
    """Keeps every price that went over the wire."""

    def __init__(self, symbol):
        self.symbol = symbol
        self.history = np.empty(0)
        self.last = None

    def on_price(self, price):
        self.history = np.append(self.history, price)
        self.last = price

    def summary(self):
        h = self.history
        steps = np.diff(np.log(h))
        return {
            "n": h.size,
            "high": round(float(h.max()), 4),
            "vol": round(float(steps.std()), 6),
        }


def feed(n, seed):
    g = np.random.default_rng(seed)
    steps = g.normal(0, 0.0004, n)
    level = 100.0
    for s in steps.tolist():
        level *= 1 + s
        yield level


def run():
    tickers = {s: Ticker(s) for s in ("ABX", "KLM")}
    for seed, t in enumerate(tickers.values()):
        for price in feed(40_000, seed):
            t.on_price(price)
    for t in tickers.values():
        print(t.symbol, t.summary())


run()
