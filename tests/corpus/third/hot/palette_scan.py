import numpy as np


def poster(h, w, rng):
    img = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
    return img & 0xE0


def pack(img):
    wide = img.astype(np.int64)
    return (wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]).ravel()


def bump(table, key):
    table.setdefault(key, 0)
    table[key] += 1


def palette(img):
    usage = {}
    for colour in pack(img).tolist():
        bump(usage, colour)
    return usage


def dominant(usage, k=4):
    ordered = sorted(usage, key=lambda c: (-usage[c], c))
    return [f"#{c:06x}" for c in ordered[:k]]


if __name__ == "__main__":
    rng = np.random.default_rng(19)
    for frame_no in range(3):
        frame = poster(900, 1200, rng)
        use = palette(frame)
        print(frame_no, len(use), *dominant(use))
