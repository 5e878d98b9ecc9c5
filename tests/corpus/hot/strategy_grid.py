import math
from itertools import product


def price_path(days):
    return [100 + 9 * math.sin(d / 23) + 4 * math.sin(d / 7.3) + d / 90 for d in range(days)]


def backtest(prices, fast, slow):
    fast_mean = slow_mean = prices[0]
    cash = 1_000.0
    units = 0.0
    for price in prices:
        fast_mean += (price - fast_mean) / fast
        slow_mean += (price - slow_mean) / slow
        if fast_mean > slow_mean and cash > 0:
            units, cash = cash / price, 0.0
        elif fast_mean < slow_mean and units > 0:
            cash, units = units * price * 0.999, 0.0
    return cash + units * prices[-1]


class GridSearch:
    def __init__(self, prices):
        self.prices = prices

    def run(self, fast, slow):
        return {(f, s): backtest(self.prices, f, s) for f, s in product(fast, slow)}

    @staticmethod
    def best(results):
        return max(results.items(), key=lambda item: item[1])


search = GridSearch(price_path(80_000))
results = search.run(fast=range(3, 15, 2), slow=range(20, 101, 10))
(pair, value) = GridSearch.best(results)
print(pair, round(value, 4))
