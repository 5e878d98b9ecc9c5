# Text-mode game of life on a torus, edited in place
import random


def show(cells, w):
    return "".join(".#"[c] for c in cells[:w])


def evolve(cells, w):
    h = len(cells) // w
    counts = {}
    for i, alive in enumerate(cells):
        if alive:
            y, x = divmod(i, w)
            for dy in (-1, 0, 1):
                for dx in (-1, 0, 1):
                    if dy or dx:
                        k = (y + dy) % h * w + (x + dx) % w
                        counts[k] = counts.get(k, 0) + 1
    live = {k for k, n in counts.items() if n == 3 or n == 2 and cells[k]}
    for i in range(len(cells)):
        cells[i] = i in live
    return len(live)


random.seed(3)
width = 90
cells = [random.random() < 0.35 for _ in range(width * 70)]
population = [evolve(cells, width) for _ in range(330)]
print(population[:3], population[-3:])
print(show(cells, 60))
