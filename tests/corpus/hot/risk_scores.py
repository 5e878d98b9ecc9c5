import numpy as np


class RiskModel:
    def __init__(self, mean, scale, weight, bias):
        self.mean = mean
        self.scale = scale
        self.weight = weight
        self.bias = bias

    def score(self, income, debt):
        z = (income - self.mean) / self.scale
        ratio = debt / (income + 1.0)
        logit = self.bias + self.weight * z - 2.0 * ratio + 0.1 * z * ratio
        logit = np.clip(logit, -30.0, 30.0)
        return 1.0 / (1.0 + np.exp(-logit))

    def decide(self, score):
        return int((score > 0.5).sum())


income = np.linspace(18_000.0, 95_000.0, 5_000_000)
debt = np.linspace(40_000.0, 0.0, 5_000_000)
model = RiskModel(mean=50_000.0, scale=17_000.0, weight=0.8, bias=0.2)
score = model.score(income=income, debt=debt)
print(model.decide(score), round(float(score.sum()), 4))
