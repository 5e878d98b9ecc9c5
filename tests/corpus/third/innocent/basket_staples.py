import random
import hashlib


def catalogue(n):
    return ["milk", "bread"] + [f"sku-{i}" for i in range(n)]


def baskets(n, rng):
    for _ in range(n):
        yield [rng.choice(("milk", "bread")) for _ in range(4)]


def fingerprint(items):
    h = b"|".join(s.encode() for s in items)
    for _ in range(12):
        h = hashlib.sha256(h).digest()
    return h.hex()


def run():
    rng = random.Random(77)
    listed = catalogue(8000)
    prints = []
    rejected = 0
    for basket in baskets(110000, rng):
        good = [x for x in basket if x in listed]
        rejected += len(basket) - len(good)
        prints.append(fingerprint(sorted(good)))
    return rejected, sorted(prints)[0][:12], len(set(prints))


print(*run())
