import random


def signal(n):
    r = random.Random(52)
    return [r.randint(0, 4095) for _ in range(n)]


def smooth(xs, taps):
    recent = []
    acc = 0
    out = 0
    for x in xs:
        recent.append(x)
        acc += x
        if len(recent) > taps:
            acc -= recent.pop(0)
        if acc > 2500 * taps:
            out += 1
    return out


xs = signal(500_000)
for taps in (1, 2, 3, 4, 5, 6, 5, 4):
    print(taps, smooth(xs, taps))
