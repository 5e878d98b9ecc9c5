import random


class Floor:
    def __init__(self, robots, seed):
        self.rnd = random.Random(seed)
        self.robots = {r: 0 for r in robots}
        self.backlog = [("T%06d" % i, i * 7919 % 4) for i in range(120_000)]
        self.deferred = 0

    def serve(self, robot):
        tote, lane = self.backlog[0]
        del self.backlog[0]
        if lane == 3 and self.rnd.random() < 0.5:
            self.backlog.append((tote, 0))
            self.deferred += 1
            return None
        self.robots[robot] += lane + 1
        return tote


def shift(floor, ticks):
    names = sorted(floor.robots)
    last = None
    for tick in range(ticks):
        got = floor.serve(names[tick % len(names)])
        last = got or last
    return last


floor = Floor(["amr-%d" % k for k in range(9)], 21)
print(shift(floor, 32_000), floor.deferred, len(floor.backlog))
print(sorted(floor.robots.items(), key=lambda kv: -kv[1])[:2])
