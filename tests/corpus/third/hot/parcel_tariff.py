import random
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Order:
    ident: int
    zone: str
    grams: int


def tariff(zone, weight_class):
    base = {"A": Decimal("3.10"), "B": Decimal("4.75"), "C": Decimal("8.20")}[zone]
    best = None
    for boxes in range(1, 12):
        for pallets in range(0, 8):
            carried = boxes * 2 + pallets * 15
            if carried < weight_class:
                continue
            cost = base * boxes + Decimal("11.4") * pallets + Decimal(carried - weight_class) / 20
            if best is None or cost < best:
                best = cost
    return best


def orders(n, seed):
    r = random.Random(seed)
    for i in range(n):
        yield Order(i, r.choice("ABC"), r.randint(200, 15_900))


def bill(queue):
    total = Decimal(0)
    dear = 0
    for o in queue:
        fee = tariff(o.zone, o.grams // 1000 + 1)
        total += fee
        dear += fee > 20
    return total, dear


print(*bill(orders(16_000, 61)))
