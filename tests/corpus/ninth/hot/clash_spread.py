import numpy as np


class Timetable:
    def __init__(self, lessons, seed):
        gen = np.random.default_rng(seed)
        self.clash = np.zeros((lessons, lessons))
        for _ in range(4):
            other = gen.integers(0, lessons, lessons)
            self.clash[np.arange(lessons), other] = 1.0
            self.clash[other, np.arange(lessons)] = 1.0
        self.load = gen.integers(0, 4, (lessons, 500)).astype(float)

    def settle(self, rounds):
        load = self.load
        degree = self.clash.sum(axis=1, keepdims=True)
        for _ in range(rounds):
            load = 0.5 * load + 0.5 * (self.clash @ load) / degree
        return load


plan = Timetable(2400, 9)
final = plan.settle(10)
print("rooms short: %.3f" % final.max())
print("mean %.4f spread %.4f" % (final.mean(), final.std()))
