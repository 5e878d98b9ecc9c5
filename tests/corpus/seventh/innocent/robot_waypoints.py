import itertools

ROUTES = {
    "inbound": "dock ramp belt scale shelf".split(),
    "outbound": "shelf belt wrap label ramp dock truck".split(),
    "return": "truck dock inspect shelf".split(),
}
COST = {"dock": 3, "ramp": 2, "belt": 1, "scale": 2, "shelf": 4, "wrap": 5, "label": 1, "truck": 6, "inspect": 7}


class Robot:
    def __init__(self, ident):
        self.ident = ident
        self.route = []
        self.spent = 0
        self.last = None

    def assign(self, kind):
        self.route.extend(ROUTES[kind])

    def run(self):
        while self.route:
            stop = self.route.pop(0)
            self.spent += COST[stop]
            self.last = stop


def main():
    fleet = [Robot(i) for i in range(8)]
    kinds = itertools.cycle(ROUTES)
    for trip in range(640_000):
        robot = fleet[trip * 5 % 8]
        robot.assign(next(kinds))
        robot.run()
    for robot in fleet[:2]:
        print(robot.ident, robot.spent, robot.last)


main()
