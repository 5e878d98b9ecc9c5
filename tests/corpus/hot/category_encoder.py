import numpy as np


class TargetEncoder:
    def __init__(self, levels):
        self.levels = levels

    def one_hot(self, codes):
        return np.eye(self.levels)[codes]

    def fit(self, codes, targets):
        design = self.one_hot(codes)
        gram = design.T @ design
        moments = design.T @ targets
        self.means = moments / np.maximum(np.diag(gram), 1.0)[:, None]
        return self


def sample(count, levels):
    rng = np.random.default_rng(14)
    codes = rng.integers(0, levels, count)
    return codes, np.stack([codes / levels, rng.normal(size=count)], axis=1)


def main():
    codes, targets = sample(14_000, 900)
    encoder = TargetEncoder(levels=900).fit(codes, targets)
    print(encoder.means.shape, round(float(encoder.means.sum()), 6))


main()
