import random

ROBOTS = [f"amr-{k:02d}" for k in range(14)]


class Dock:
    KEEP = 5

    def __init__(self, name):
        self.name = name
        self.recent = []
        self.repeat = 0
        self.fresh = 0

    def enter(self, robot):
        if robot in self.recent:
            self.repeat += 1
        else:
            self.fresh += 1
            self.recent.append(robot)
            if len(self.recent) > self.KEEP:
                del self.recent[0]


def arrivals(n, seed):
    rnd = random.Random(seed)
    base = rnd.choices(ROBOTS, k=5000)
    for _ in range(n // 5000):
        yield from base


def main():
    for seed, name in enumerate(("east", "west")):
        dock = Dock(name)
        for robot in arrivals(2_000_000, seed):
            dock.enter(robot)
        print(dock.name, dock.repeat, dock.fresh, dock.recent)


main()
