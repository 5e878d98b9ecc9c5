import numpy as np


def ticks(count):
    value = 3
    for _ in range(count):
        value = (value * 16_807) % 2_147_483_647
        yield value % 1_009


def alarms(stream, width):
    window = np.zeros(width, dtype=np.int64)
    raised = 0
    for tick in stream:
        window = np.concatenate((window[1:], [tick]))
        if tick > 900 and window.max() == tick:
            raised += 1
    return raised, window


raised, window = alarms(ticks(220_000), width=32)
print(raised, int(window.sum()))
