import random
from decimal import Decimal


def tickets(n):
    r = random.Random(90)
    for _ in range(n):
        yield r.choice("ABCDEFGH"), Decimal(r.randint(50, 9000)) / 100, r.randint(1, 5)


class Till:
    def __init__(self):
        self.sums = {}

    def ring(self, batch):
        for shop, price, qty in batch:
            self.sums[shop] = self.sums.get(shop, Decimal(0)) + price * qty


till = Till()
batch = list(tickets(250_000))
for day in range(14):
    till.ring(batch)
for shop in sorted(till.sums):
    print(shop, till.sums[shop])
