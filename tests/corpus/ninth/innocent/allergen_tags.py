import random

TAGS = ["gluten", "nuts", "soy", "milk", "egg", "sesame", "fish", "mustard"]


def cards(n):
    rng = random.Random(2)
    stock = []
    for k in range(1500):
        tags = rng.sample(TAGS, rng.randrange(1, 6))
        stock.append(";".join(tags))
    for k in range(n):
        yield k, stock[k * 7 % 1500]


def flagged(wanted, n=1_500_000):
    first = last = None
    total = 0
    for number, field in cards(n):
        if wanted in field.split(";"):
            total += 1
            last = number
            if first is None:
                first = number
    return total, first, last


if __name__ == "__main__":
    print("nuts", *flagged("nuts"))
