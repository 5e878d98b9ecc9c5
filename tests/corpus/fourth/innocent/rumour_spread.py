import numpy as np


class Village:
    def __init__(self, people, ties, seed):
        rng = np.random.default_rng(seed)
        m = np.zeros((people, people))
        for _ in range(ties):
            m[np.arange(people), rng.permutation(people)] += 1.0
        self.step = m / m.sum(axis=1, keepdims=True)

    def after(self, doublings):
        m = self.step
        for _ in range(doublings):
            m = m @ m
        return m


v = Village(1_250, 9, 8)
late = v.after(9)
print("spread", round(float(late.std()) * 1e9, 3), "mean", round(float(late.mean()), 8), int((late > 0).sum()))
