import random

BOOK = {name: [100 + i * 3, 0] for i, name in enumerate(["tea", "rice", "soy", "oats"])}


def quote(name, lot):
    price, imbalance = BOOK[name]
    cost = 0
    for unit in range(lot):
        cost += price + imbalance // 10
        imbalance += 1 if (cost ^ unit) & 3 else -1
    return cost


def trade(name, lot, side):
    cost = quote(name, lot)
    BOOK[name][1] = max(-400, min(400, BOOK[name][1] + side * lot // 20))
    BOOK[name][0] += 1 if side > 0 else -1
    BOOK[name][0] = max(20, min(500, BOOK[name][0]))
    return cost * side


r = random.Random(9)
names = list(BOOK)
cash = 0
for _ in range(36_000):
    cash -= trade(r.choice(names), r.choice((100, 200, 300)), r.choice((-1, 1)))
print(cash, BOOK)
