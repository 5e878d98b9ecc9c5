import numpy as np


def load_stack(count, height, width):
    base = np.arange(height * width, dtype=np.uint32).reshape(height, width)
    return [(base * (3 + k) % 251).astype(np.uint8) for k in range(count)]


def blur(image):
    pixels = image.astype(np.float64)
    rows = pixels[:-2] + 2.0 * pixels[1:-1] + pixels[2:]
    return (rows[:, :-2] + 2.0 * rows[:, 1:-1] + rows[:, 2:]) / 16.0


def to_bytes(image):
    return image.round().astype(np.uint8)


stack = load_stack(3, 1_500, 2_000)
total = 0
for image in stack * 3:
    total += int(to_bytes(blur(image))[::50, ::50].sum())
print(total)
