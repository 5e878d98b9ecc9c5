import random
from typing import Iterator


def cameras(n: int, seed: int) -> Iterator[tuple]:
    gen = random.Random(seed)
    speed = 90.0
    for k in range(n):
        speed += gen.uniform(-1.5, 1.5)
        speed = min(140.0, max(40.0, speed))
        yield speed, f"K{k % 8191:04d}"


class Stretch:
    def __init__(self, length, limit):
        self.cars = [(limit, "-")] * length
        self.sum = limit * length
        self.limit = limit
        self.alarms = []

    def see(self, car):
        oldest = self.cars[0]
        self.sum += car[0] - oldest[0]
        self.cars = self.cars[1:] + [car]
        if self.sum / len(self.cars) > self.limit + 4 and oldest[1] < car[1]:
            self.alarms.append(car[1])


def run(n):
    road = Stretch(5000, 80.0)
    for car in cameras(n, 8):
        road.see(car)
    return road


road = run(30_000)
print(len(road.alarms), road.alarms[-1:], round(road.sum / 5000, 3))
