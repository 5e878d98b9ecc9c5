import numpy as np


class Chain:
    def __init__(self, shops, items, seed):
        rng = np.random.default_rng(seed)
        self.sold = rng.integers(1, 400, (shops, items)).astype(float)
        self.cents = rng.integers(99, 2_500_000, (items, 900)).astype(float)

    def takings(self):
        return self.sold @ self.cents

    def reprice(self, day):
        self.cents[:, day % 900] += 1.0


def main():
    chain = Chain(1300, 1300, 71)
    grand = 0
    for day in range(12):
        chain.reprice(day)
        grand += int(chain.takings().max())
    shops = chain.takings()[:3, 0]
    print(grand, [int(c) for c in shops])
    assert shops[0] == sum(int(a) * int(b) for a, b in zip(chain.sold[0], chain.cents[:, 0]))


if __name__ == "__main__":
    main()
