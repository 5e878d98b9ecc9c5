import math

import pandas as pd


def integrate(rate, capacity, start, steps):
    value = start
    dt = 0.001
    for step in range(steps):
        season = 1.0 + 0.2 * math.sin(step * dt)
        value += dt * rate * season * value * (1 - value / capacity)
    return value


stations = pd.DataFrame(
    {
        "rate": [0.2 + 0.03 * i for i in range(12)],
        "capacity": [80 + 7 * i for i in range(12)],
        "start": [2.0 + 0.5 * i for i in range(12)],
    }
)

final = []
for station in stations.itertuples():
    final.append(integrate(station.rate, station.capacity, station.start, 160_000))
print([round(value, 6) for value in final[:3]], round(sum(final), 6))
