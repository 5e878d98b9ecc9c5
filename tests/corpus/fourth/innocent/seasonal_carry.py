import numpy as np


def carry_matrix(weeks, decay):
    lag = np.arange(weeks)[:, None] - np.arange(weeks)[None, :]
    return np.where(lag >= 0, np.exp(-decay * np.abs(lag)), 0.0)


def campaign_effect(spend, kernel, rounds):
    effect = spend
    for _ in range(rounds):
        effect = np.tanh(kernel @ effect * 0.02)
    return effect


rng = np.random.default_rng(4)
kernel = carry_matrix(2_600, 0.004)
effect = campaign_effect(rng.random(2_600), kernel, 100)
print(effect[::500].round(5), round(float(effect.sum()), 4))
