"""Label the connected dark regions in a scanned page."""
import numpy as np


def page(h, w, seed):
    g = np.random.default_rng(seed)
    img = g.random((h, w)) < 0.72
    return img.tolist()


def order_of(img):
    h, w = len(img), len(img[0])
    return [(y, x) for y in range(h) for x in range(w) if img[y][x]]


def drain(backlog, img, budget):
    """Round robin over the pixels: each is revisited until its ink is gone."""
    ink = {}
    steps = 0
    while backlog and steps < budget:
        (y, x), backlog = backlog[0], backlog[1:]
        steps += 1
        left = ink.get((y, x), (y * 7 + x * 3) % 4)
        if left:
            ink[y, x] = left - 1
            backlog.append((y, x))
        else:
            img[y][x] = False
    return steps, len(backlog)


img = page(170, 210, 9)
todo = order_of(img)
before = len(todo)
steps, left = drain(todo, img, 14_000)
print(before, "dark pixels;", steps, "steps;", left, "queued;", sum(map(sum, img)), "dark now")
