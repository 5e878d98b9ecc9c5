import random


def readings(n, seed):
    r = random.Random(seed)
    level = 500
    out = []
    for _ in range(n):
        level += r.choice((-3, -2, -1, 0, 1, 2, 3))
        out.append(level)
    return out


def novelty(signal, depth):
    fresh = 0
    longest = run = 0
    for i in range(depth, len(signal)):
        if signal[i] in signal[i - depth:i]:
            run = 0
        else:
            fresh += 1
            run += 1
            if run > longest:
                longest = run
    return fresh, longest


trace = readings(200_000, 5)
for depth in (24, 32, 40, 48, 56):
    fresh, longest = novelty(trace, depth)
print("fresh", fresh, "longest run", longest)
print("range", min(trace), max(trace))
