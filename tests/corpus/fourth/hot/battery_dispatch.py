import numpy as np


class Battery:
    def __init__(self, capacity, power, loss=0.06):
        self.capacity = capacity
        self.power = power
        self.keep = 1.0 - loss

    def follow(self, load, sun):
        soc = 0.5 * self.capacity
        bought = np.zeros(len(load))
        for t in range(len(load)):
            surplus = sun[t] - load[t]
            if surplus > 0:
                soc = min(self.capacity, soc + min(surplus, self.power) * self.keep)
            else:
                give = min(-surplus, self.power, soc)
                soc -= give
                bought[t] = -surplus - give
        return bought


rng = np.random.default_rng(30)
quarters = 4 * 24 * 365 * 18
hour = np.arange(quarters) / 4 % 24
sun = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, None) * rng.uniform(0.2, 4.0, quarters)
load = 0.6 + rng.gamma(1.3, 0.5, quarters)
for cap in (5.0, 10.0):
    grid = Battery(cap, 2.5).follow(load, sun)
    print(cap, "kWh:", round(float(grid.sum()), 3), "bought, peak", round(float(grid.max()), 4))
