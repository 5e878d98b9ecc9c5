# Which hosts can an intruder reach from the printer?
import random


class Network:
    def __init__(self):
        self.links = {}

    def connect(self, a, b):
        self.links.setdefault(a, []).append(b)
        self.links.setdefault(b, []).append(a)

    def neighbours(self, host):
        return self.links.get(host, ())


def build(hosts=5500, cables=14000):
    rnd = random.Random(99)
    net = Network()
    for _ in range(cables):
        a = f"h{rnd.randrange(hosts):05d}"
        b = f"h{rnd.randrange(hosts):05d}"
        if a != b:
            net.connect(a, b)
    return net


def explore(net, start):
    stack = [start]
    done = [start]
    hops = 0
    while stack:
        here = stack.pop()
        for other in net.neighbours(here):
            hops += 1
            if other in done:
                continue
            done.append(other)
            stack.append(other)
    return done, hops


net = build()
reached, hops = explore(net, "h00007")
print("reached", len(reached), "of", len(net.links), "after", hops, "link checks")
print("last:", reached[-1])
