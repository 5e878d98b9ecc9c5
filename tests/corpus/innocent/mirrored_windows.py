import numpy as np


def ramp(count):
    return (np.arange(count, dtype=np.int64) * 48_271) % 30_011


def smooth_all(values, width, pad):
    levels = []
    for start in range(0, len(values) - width, width):
        window = values[start : start + width]
        padded = np.concatenate([window[pad:0:-1], window, window[-2 : -pad - 2 : -1]])
        levels.append(int(np.sort(padded)[len(padded) // 2]))
    return levels


levels = smooth_all(ramp(4_000_000), width=60, pad=12)
print(len(levels), sum(levels))
