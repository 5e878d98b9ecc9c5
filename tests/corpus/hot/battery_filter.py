import numpy


def load_profile(count):
    t = numpy.arange(count)
    return 2.0 * numpy.sin(t / 240.0) + 0.5 * numpy.cos(t / 17.0)


class Battery:
    def __init__(self, capacity, efficiency=0.93):
        self.capacity = capacity
        self.efficiency = efficiency

    def run(self, load):
        level = numpy.empty(len(load))
        stored = self.capacity / 2
        efficiency = self.efficiency
        capacity = self.capacity
        for k in range(len(load)):
            power = load[k]
            if power > 0:
                stored -= power / efficiency
            else:
                stored -= power * efficiency
            stored = min(max(stored, 0.0), capacity)
            level[k] = stored
        return level


def main():
    battery = Battery(capacity=400.0)
    level = battery.run(load_profile(1_100_000))
    print(round(float(level.mean()), 6), int((level == 0).sum()))


main()
