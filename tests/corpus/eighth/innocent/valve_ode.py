"""Pressure in a row of brewing kettles, explicit steps."""
import numpy as np


class Kettles:
    def __init__(self, n):
        self.p = np.linspace(1.0, 2.0, n)
        self.k = np.linspace(0.1, 0.4, n)
        self.t = 0.0

    def step(self, dt):
        p, k = self.p, self.k
        flow = k * np.sqrt(np.abs(p - 1.2)) * np.sign(p - 1.2)
        heat = 0.3 * np.exp(-0.5 * p) * np.cos(self.t)
        self.p = np.clip(p + dt * (heat - flow + 0.02 * p), 0.5, 3.0)
        self.t += dt


house = Kettles(24)
for _ in range(70_000):
    house.step(0.001)
print(np.round(house.p[::6], 5).tolist())
