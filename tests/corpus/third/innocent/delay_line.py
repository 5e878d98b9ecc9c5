import math


def blocks(n, size):
    for b in range(n):
        yield [math.sin((b * size + i) * 0.01) for i in range(size)]


class Echo:
    def __init__(self, depth):
        self.hist = [[0.0] * 64 for _ in range(depth)]

    def feed(self, block):
        self.hist.append(block)
        self.hist.pop(0)
        mix = [0.0] * len(block)
        for lag, gain in ((10, 0.5), (120, 0.3), (400, 0.2)):
            for old in self.hist[-lag - 4:-lag]:
                mix = [m + gain * o for m, o in zip(mix, old)]
        return max(mix)


e = Echo(500)
peaks = [e.feed(b) for b in blocks(22000, 64)]
print(len(peaks), f"{max(peaks):.6f}", f"{sum(peaks):.4f}")
