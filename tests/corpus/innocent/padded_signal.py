import numpy as np


def ticks(count):
    return np.arange(count, dtype=np.int64) * 2_654_435_761 % 1_000_003


def closed(signal):
    return np.append(signal, signal[0])


def rank_sum(signal):
    order = np.argsort(signal, kind="stable")
    return int(order[::1000].sum())


signal = closed(ticks(4_000_000))
print(signal.size, rank_sum(signal))
