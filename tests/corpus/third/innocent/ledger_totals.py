import numpy as np


def postings(n, seed):
    rng = np.random.default_rng(seed)
    return rng.integers(-9_000_000, 9_500_000, n).astype(float)


def running(cents, fee):
    net = cents - fee * (cents < 0)
    balance = np.cumsum(net)
    low = np.minimum.accumulate(balance)
    return balance[-1], low[-1], int((balance < 0).sum())


cents = postings(4_000_000, 52)
for fee in range(0, 60, 5):
    end, low, red = running(cents, float(fee))
    if fee % 20 == 0:
        print(fee, f"{end / 100:.2f} {low / 100:.2f}", red)
