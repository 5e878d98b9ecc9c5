import math

import numpy as np


def read_sensor(step):
    return 20.0 + 3.0 * math.sin(step / 500) + (step * 7919 % 101) / 1000


def collect(steps):
    trace = np.array([])
    for step in range(steps):
        value = read_sensor(step)
        trace = np.append(trace, value)
    return trace


def drift(trace):
    return float(trace[-1000:].mean() - trace[:1000].mean())


trace = collect(33_000)
print(trace.size, round(drift(trace), 6))
