import numpy as np


def photo(h, w):
    y, x = np.mgrid[0:h, 0:w]
    return 127 + 80 * np.sin(x / 37.0) * np.cos(y / 23.0) + 30 * np.sin((x + y) / 5.0)


def spread(px, r, c, err, weights):
    for dr, dc, w in weights:
        px[r + dr, c + dc] += err * w


JARVIS = ((0, 1, 7 / 48), (0, 2, 5 / 48), (1, -1, 5 / 48), (1, 0, 7 / 48), (1, 1, 5 / 48), (2, 0, 5 / 48))


def halftone(img):
    h, w = img.shape
    px = np.zeros((h + 2, w + 4))
    px[:h, 2:w + 2] = img
    for r in range(h):
        for c in range(2, w + 2):
            old = px[r, c]
            new = 255.0 if old > 127.5 else 0.0
            px[r, c] = new
            spread(px, r, c, old - new, JARVIS)
    return px[:h, 2:w + 2] > 0


dots = halftone(photo(700, 900))
print(dots.shape, int(dots.sum()))
print("".join("#" if d else "." for d in dots[350, 100:140]))
