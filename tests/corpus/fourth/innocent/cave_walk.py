import random


def cave(w, h, seed):
    rnd = random.Random(seed)
    return {(x, y) for x in range(w) for y in range(h) if rnd.random() < 0.66}


def chambers(open_cells):
    left = set(open_cells)
    sizes = []
    while left:
        todo = [left.pop()]
        size = 0
        while todo:
            x, y = todo.pop()
            size += 1
            for nb in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
                if nb in left:
                    left.remove(nb)
                    todo.append(nb)
        sizes.append(size)
    return sizes


cells = cave(420, 420, 2)
for wall in range(20, 420, 40):
    sizes = chambers(c for c in cells if c[0] != wall)
print(len(cells), "open,", len(sizes), "chambers, largest", max(sizes))
