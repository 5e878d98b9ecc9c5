import numpy as np


class Network:
    """Stations joined along lines; passengers drift to neighbours."""

    def __init__(self, stations, seed):
        self.n = stations
        rng = np.random.default_rng(seed)
        move = np.zeros((stations, stations))
        for a in range(stations - 1):
            move[a, a + 1] = move[a + 1, a] = 1.0
        for a, b in rng.integers(0, stations, (stations // 4, 2)):
            move[a, b] = move[b, a] = 0.5
        self.move = move / move.sum(axis=0)

    def settle(self, crowd, steps):
        for _ in range(steps):
            crowd = 0.15 / self.n + 0.85 * self.move.dot(crowd)
        return crowd


net = Network(2600, 1830)
start = np.zeros(net.n)
start[0] = 1.0
share = net.settle(start, 100)
order = np.argsort(-share, kind="stable")[:3]
print(order.tolist())
print([f"{share[i]:.6f}" for i in order])
