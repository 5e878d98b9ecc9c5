import random

POINTS = {"W": 1.0, "D": 0.5, "L": 0.0}
history = {}


def form(name, span=400):
    weight, total, norm = 1.0, 0.0, 0.0
    for mark in reversed(history[name][-span:]):
        total += weight * POINTS[mark]
        norm += weight
        weight *= 0.985
    return total / norm if norm else 0.5


def play(rng, names):
    a, b = rng.sample(names, 2)
    p = 0.5 + 0.4 * (form(a) - form(b))
    roll = rng.random()
    if abs(roll - p) < 0.1:
        marks = "D", "D"
    else:
        marks = ("W", "L") if roll < p else ("L", "W")
    history[a].append(marks[0])
    history[b].append(marks[1])


def main():
    rng = random.Random(64)
    names = ["Kort", "Lund", "Mohr", "Nyst", "Oster", "Pihl"]
    for n in names:
        history[n] = []
    for _ in range(13000):
        play(rng, names)
    for n in names:
        print(f"{n:6s} {form(n):.4f} {len(history[n])}")


main()
