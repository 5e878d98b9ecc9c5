import numpy as np


class Probe:
    def __init__(self, rate):
        self.rate = rate
        self.trace = np.zeros(0)
        self.marks = []

    def receive(self, chunk):
        if chunk.max() > 3.2:
            self.marks.append(self.rate * len(self.marks) + int(chunk.argmax()))
        self.trace = np.concatenate([self.trace, chunk])

    def summary(self):
        return self.trace.size, len(self.marks), float(np.abs(self.trace).mean())


def source(chunks, size, seed):
    rng = np.random.default_rng(seed)
    for _ in range(chunks):
        yield rng.standard_normal(size)


p = Probe(32)
for chunk in source(5500, 32, 90):
    p.receive(chunk)
size, marks, level = p.summary()
print(size, marks, f"{level:.6f}", p.marks[-1])
