"""Loudest tone in the last 0.2 s, updated with every sound card block."""
import numpy as np


class Meter:
    def __init__(self, size, rate):
        self.buf = np.zeros(size)
        self.window = np.hanning(size)
        self.rate = rate

    def block(self, samples):
        self.buf = np.concatenate([self.buf[samples.size:], samples])
        spec = np.abs(np.fft.rfft(self.buf * self.window))
        return spec.argmax() * self.rate / self.buf.size


rate, n = 44_100, 256
meter = Meter(8_820, rate)
seen = {}
for k in range(6_000):
    t = np.arange(k * n, k * n + n) / rate
    tone = 220.0 * 2 ** ((k // 500) / 6)
    f = meter.block(np.sin(2 * np.pi * tone * t))
    seen[round(float(f))] = seen.get(round(float(f)), 0) + 1
print(sorted(seen.items(), key=lambda kv: -kv[1])[:5])
