import random

GENERATOR = random.Random(99)


def transmit(bits):
    flips = 0
    for _ in range(bits):
        if GENERATOR.random() < 0.02:
            flips += 1
    return flips


def error_rates(rounds):
    worst = 0
    total = 0
    for _ in range(rounds):
        flips = transmit(512)
        worst = max(worst, flips)
        total += flips
    return worst, total


print(*error_rates(22_000))
