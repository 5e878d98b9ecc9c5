"""Windows to look at signals through."""

# ruff: noqa: N803
# mypy: ignore-errors

import numpy as np


def window(M, function):
    """Call a function with the places of the window's elements: from -1 to 1."""
    result = np.ones(max(0, int(M)), np.float64)
    if M > 1:
        for i in range(result.size):
            result[i] = function((2 * i + 1 - int(M)) / (int(M) - 1))
    return result


def bartlett(M):
    return window(M, lambda x: 1.0 - abs(x))


def hanning(M):
    return window(M, lambda x: 0.5 + 0.5 * np.cos(np.pi * x))


def hamming(M):
    return window(M, lambda x: 0.54 + 0.46 * np.cos(np.pi * x))


def blackman(M):
    return window(M, lambda x: 0.42 + 0.5 * np.cos(np.pi * x) + 0.08 * np.cos(2.0 * np.pi * x))


def kaiser(M, beta):
    return window(M, lambda x: np.i0(beta * np.sqrt(1.0 - x * x)) / np.i0(float(beta)))
