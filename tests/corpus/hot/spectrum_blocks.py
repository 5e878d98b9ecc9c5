import numpy as np


def blocks(count, width):
    t = np.linspace(0, 1, width)
    for number in range(count):
        yield t + number


def assemble(stream):
    signal = np.empty(0)
    for block in stream:
        signal = np.concatenate((signal, block))
    return signal


def energy(signal):
    return float(signal @ signal)


signal = assemble(blocks(1_100, 700))
print(signal.size, round(energy(signal), 3))
