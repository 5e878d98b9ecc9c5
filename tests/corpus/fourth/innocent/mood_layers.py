import numpy as np


def layer(x, w, b):
    return np.maximum(x @ w + b, 0.0) * 0.5 + 0.01


def network(widths, seed):
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(0, (2 / a) ** 0.5, (a, b)), rng.normal(0, 0.1, b))
        for a, b in zip(widths, widths[1:])
    ]


def classify(messages, net):
    x = messages
    for w, b in net:
        x = layer(x, w, b)
    return x.argmax(axis=1)


rng = np.random.default_rng(0)
inbox = rng.random((2_600, 1_200))
moods = classify(inbox, network([1_200, 2_400, 2_400, 1_600, 12], 1))
print(np.bincount(moods, minlength=12))
