import random

STOCK = {}
RIVALS = {}


def open_shop(seed):
    gen = random.Random(seed)
    for k in range(40):
        sku = f"SKU-{k:02d}"
        STOCK[sku] = 4000
        RIVALS[sku] = [round(gen.uniform(4, 30), 2) for _ in range(160)]
    return gen


def quote(sku):
    left = STOCK[sku]
    scarcity = 1 + 40 / (left + 10)
    cheaper = [p for p in RIVALS[sku] if p * 1.02 < 30 * scarcity]
    cheaper.sort(key=lambda p: abs(p - 18 * scarcity))
    return round(sum(cheaper[:9]) / 9 * scarcity, 2)


def main():
    gen = open_shop(4)
    till = 0.0
    for _ in range(24_000):
        sku = f"SKU-{gen.randrange(40):02d}"
        price = quote(sku)
        if gen.random() < 30 / price and STOCK[sku]:
            STOCK[sku] -= 3
            till += price
    print("%.2f" % till, min(STOCK.values()))


main()
