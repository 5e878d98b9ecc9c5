import numpy as np


class Tail:
    def __init__(self, size):
        self.buf = np.zeros(size)

    def shift(self, chunk):
        self.buf = np.concatenate((self.buf, chunk))[-self.buf.size:]
        return self.buf


def microphone(n, size):
    t = 0
    for k in range(n):
        idx = np.arange(t, t + size)
        t += size
        yield np.sin(idx * (0.2 + 0.1 * (k // 500 % 3)))


tail = Tail(1024)
peaks = []
last = 0.0
for chunk in list(microphone(4000, 16)) * 60:
    frame = tail.shift(chunk)
    if frame[0] * last < 0:
        peaks.append(frame[-1])
    last = frame[0]
print(len(peaks), f"{sum(peaks):.6f}")
