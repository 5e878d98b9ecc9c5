import random
from decimal import Decimal, getcontext

getcontext().prec = 30
GROWTH = {"herring": "0.31", "mackerel": "0.27", "sprat": "0.44", "capelin": "0.52"}
ZONES = ("IVa", "IVb")


def season_factor(species, zone, month):
    stock = Decimal(1000 + 10 * ZONES.index(zone))
    r = Decimal(GROWTH[species]) / 12
    for week in range(52 + 4 * month):
        stock += stock * r * (1 - stock / 4000) / 4 - stock.sqrt() / 20
    return stock / 1000


class Landing:
    __slots__ = ("species", "zone", "month", "tonnes")

    def __init__(self, rnd):
        self.species = rnd.choice(sorted(GROWTH))
        self.zone = rnd.choice(ZONES)
        self.month = rnd.randint(1, 12)
        self.tonnes = Decimal(rnd.randint(10, 900)) / 10

    def points(self):
        return self.tonnes / season_factor(self.species, self.zone, self.month)


if __name__ == "__main__":
    rnd = random.Random(66)
    book = [Landing(rnd) for _ in range(5_000)]
    total = {}
    for item in book:
        total[item.zone] = total.get(item.zone, 0) + item.points()
    for zone in ZONES:
        print(zone, total[zone].quantize(Decimal("0.000001")))
