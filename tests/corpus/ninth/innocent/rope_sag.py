import numpy as np


def hang(nodes, steps, stiffness=0.2):
    x = np.linspace(0.0, 1.0, nodes)
    y = np.zeros(nodes)
    v = np.zeros(nodes)
    load = 0.002 * (1 + 0.3 * np.cos(9 * x))
    for _ in range(steps):
        pull = stiffness * (y[:-2] - 2 * y[1:-1] + y[2:])
        drag = 0.01 * v[1:-1] * np.abs(v[1:-1])
        v[1:-1] = 0.995 * v[1:-1] + pull - drag - load[1:-1]
        y[1:-1] = y[1:-1] + 0.5 * v[1:-1]
    return y


class Cableway:
    def __init__(self, name, nodes):
        self.name, self.nodes = name, nodes

    def lowest(self):
        return hang(self.nodes, 70000).min()


for line in (Cableway("shaft 2", 120),):
    print(line.name, "sag %.5f" % -line.lowest())
