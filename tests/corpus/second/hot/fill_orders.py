import random


def book(n, seed):
    rng = random.Random(seed)
    lots = [(100 + i // 2000, rng.randint(1, 30)) for i in range(n)]
    return lots


def demand(n, seed):
    rng = random.Random(seed)
    return [rng.randint(5, 60) for _ in range(n)]


def match(asks, buys):
    fills = []
    for want in buys:
        paid = 0
        got = 0
        while got < want and asks:
            price, size = asks.pop(0)
            take = min(size, want - got)
            got += take
            paid += take * price
            if take < size:
                asks = [(price, size - take)] + asks
        fills.append((got, paid))
    return fills, asks


asks = book(40_000, 1)
buys = demand(17_000, 2)
fills, rest = match(asks, buys)
spent = sum(p for _, p in fills)
short = sum(1 for (g, _), w in zip(fills, buys) if g < w)
print("spent", spent, "short", short, "left over", len(rest))
print("mean price", round(spent / sum(g for g, _ in fills), 4))
