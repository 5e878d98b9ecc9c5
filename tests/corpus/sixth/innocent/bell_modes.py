import numpy as np


class Bell:
    def __init__(self, modes):
        k = np.arange(1, modes + 1)
        self.omega = 2 * np.pi * 110.0 * k ** 0.94
        self.loss = 0.8 + 0.05 * k
        self.q = 1.0 / k
        self.v = np.zeros(modes)

    def force(self, q, v):
        return -self.omega ** 2 * q - 2 * self.loss * v - 40.0 * q * np.abs(q)

    def tick(self, dt):
        a = self.force(self.q, self.v)
        half = self.v + 0.5 * dt * a
        self.q = self.q + dt * half
        self.v = half + 0.5 * dt * self.force(self.q, half)


def strike(bell, ticks, dt=1 / 96_000):
    level = 0.0
    for _ in range(ticks):
        bell.tick(dt)
        level = max(level * 0.999, abs(float(bell.q.sum())))
    return level


bell = Bell(24)
print("%.5f" % strike(bell, 60_000))
