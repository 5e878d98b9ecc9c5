"""Damped motion of a seven-joint robot arm."""
import numpy as np

LIMIT = np.array([2.9, 2.1, 2.9, 2.1, 2.9, 2.1, 3.1])


class Arm:
    def __init__(self):
        self.q = np.zeros(7)
        self.v = np.zeros(7)
        self.t = 0.0

    def step(self, target, h):
        pull = np.tanh((target - self.q) / LIMIT) * 4.0 - 0.8 * self.v
        pull = pull + 0.05 * np.sin(3.0 * self.t + self.q)
        self.v = self.v + h * pull
        self.q = np.clip(self.q + h * self.v, -LIMIT, LIMIT)
        self.t += h


def fly(arm, waypoints, ticks):
    effort = 0.0
    for target in waypoints:
        for _ in range(ticks):
            arm.step(target, 0.002)
        effort += float(np.abs(arm.v).sum())
    return effort


g = np.random.default_rng(7)
arm = Arm()
waypoints = [LIMIT * g.uniform(-1, 1, 7) for _ in range(12)]
print(f"{fly(arm, waypoints, 6000):.6f}", np.round(arm.q, 3))
