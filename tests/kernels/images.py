"""Images: filters, edges, parts, histograms."""

import numpy as np


def sobel_slices(img):
    gx = (img[:-2, 2:] + 2 * img[1:-1, 2:] + img[2:, 2:]) - (
        img[:-2, :-2] + 2 * img[1:-1, :-2] + img[2:, :-2]
    )
    gy = (img[2:, :-2] + 2 * img[2:, 1:-1] + img[2:, 2:]) - (
        img[:-2, :-2] + 2 * img[:-2, 1:-1] + img[:-2, 2:]
    )
    mag = np.hypot(gx, gy)
    return (mag / mag.max() * 255).astype(np.uint8), np.arctan2(gy, gx)


def bilateral(img, r, ss, sr):
    h, w = img.shape
    out = np.zeros_like(img)
    for i in range(h):
        for j in range(w):
            acc = 0.0
            wsum = 0.0
            for di in range(-r, r + 1):
                for dj in range(-r, r + 1):
                    y = min(max(i + di, 0), h - 1)
                    x = min(max(j + dj, 0), w - 1)
                    g = np.exp(
                        -(di**2 + dj**2) / (2 * ss**2) - (img[y, x] - img[i, j]) ** 2 / (2 * sr**2)
                    )
                    acc += g * img[y, x]
                    wsum += g
            out[i, j] = acc / wsum
    return out


def gaussian_kernel(size, sigma):
    ax = np.arange(-(size // 2), size // 2 + 1)
    xx, yy = np.meshgrid(ax, ax)
    k = np.exp(-(xx**2 + yy**2) / (2.0 * sigma**2))
    return k / k.sum()


def convolve2d(img, kernel):
    kh, kw = kernel.shape
    ph, pw = kh // 2, kw // 2
    p = np.zeros((img.shape[0] + 2 * ph, img.shape[1] + 2 * pw))
    p[ph:-ph, pw:-pw] = img
    out = np.empty(img.shape)
    for i in range(img.shape[0]):
        for j in range(img.shape[1]):
            out[i, j] = (p[i : i + kh, j : j + kw] * kernel).sum()
    return out


def blur(img):
    return convolve2d(img, gaussian_kernel(5, 1.0))


def flood_of_list(img, sr, sc, new):
    old = img[sr, sc]
    if old == new:
        return img
    stack = [(sr, sc)]
    while stack:
        r, c = stack.pop()
        if r < 0 or r >= img.shape[0] or c < 0 or c >= img.shape[1]:
            continue
        if img[r, c] != old:
            continue
        img[r, c] = new
        stack.append((r + 1, c))
        stack.append((r - 1, c))
        stack.append((r, c + 1))
        stack.append((r, c - 1))
    return img


def find_root(parent, x):
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


def label_components(img):
    h, w = img.shape
    labels = np.zeros((h, w), dtype=np.int32)
    parent = np.arange(h * w // 2 + 2)
    nxt = 1
    for i in range(h):
        for j in range(w):
            if not img[i, j]:
                continue
            up = labels[i - 1, j] if i > 0 else 0
            left = labels[i, j - 1] if j > 0 else 0
            if up == 0 and left == 0:
                labels[i, j] = nxt
                nxt += 1
            elif up != 0 and left != 0:
                a, b = find_root(parent, up), find_root(parent, left)
                labels[i, j] = min(a, b)
                parent[max(a, b)] = min(a, b)
            else:
                labels[i, j] = max(up, left)
    remap = np.zeros(nxt, dtype=np.int32)
    count = 0
    for i in range(h):
        for j in range(w):
            if labels[i, j]:
                root = find_root(parent, labels[i, j])
                if remap[root] == 0:
                    count += 1
                    remap[root] = count
                labels[i, j] = remap[root]
    return labels, count


def hough(edges, ntheta):
    h, w = edges.shape
    diag = int(np.ceil(np.sqrt(h * h + w * w)))
    thetas = np.deg2rad(np.linspace(-90.0, 90.0, ntheta))
    cos_t, sin_t = np.cos(thetas), np.sin(thetas)
    acc = np.zeros((2 * diag, ntheta), dtype=np.uint64)
    ys, xs = np.nonzero(edges)
    for i in range(len(xs)):
        x, y = xs[i], ys[i]
        for t in range(ntheta):
            rho = round(x * cos_t[t] + y * sin_t[t]) + diag
            acc[rho, t] += 1
    return acc


def hist_eq(img):
    hist = np.zeros(256, dtype=np.int64)
    for v in img.flat:
        hist[v] += 1
    cdf = hist.cumsum()
    cmin = cdf[cdf > 0].min()
    lut = np.round((cdf - cmin) / (img.size - cmin) * 255).astype(np.uint8)
    return lut[img]


def erode(img, se):
    h, w = img.shape
    k = se.shape[0] // 2
    out = np.zeros_like(img)
    for i in range(k, h - k):
        for j in range(k, w - k):
            out[i, j] = np.all(img[i - k : i + k + 1, j - k : j + k + 1][se])
    return out


def dilate(img, r):
    p = np.pad(img, r)
    out = np.zeros_like(img)
    for di in range(2 * r + 1):
        for dj in range(2 * r + 1):
            out |= p[di : di + img.shape[0], dj : dj + img.shape[1]]
    return out


def integral_image(img):
    ii = np.zeros((img.shape[0] + 1, img.shape[1] + 1), dtype=np.int64)
    ii[1:, 1:] = np.cumsum(np.cumsum(img, axis=0), axis=1)
    return ii[3:, 3:] - ii[:-3, 3:] - ii[3:, :-3] + ii[:-3, :-3]


def floyd_steinberg(img):
    a = img.astype(np.float64)
    h, w = a.shape
    for y in range(h):
        for x in range(w):
            old = a[y, x]
            new = 255.0 if old > 127 else 0.0
            a[y, x] = new
            err = old - new
            if x + 1 < w:
                a[y, x + 1] += err * 7 / 16
            if y + 1 < h:
                if x > 0:
                    a[y + 1, x - 1] += err * 3 / 16
                a[y + 1, x] += err * 5 / 16
                if x + 1 < w:
                    a[y + 1, x + 1] += err / 16
    return a.astype(np.uint8)


def newton_fractal(n, iters):
    out = np.zeros((n, n), dtype=np.int8)
    roots = [1 + 0j, -0.5 + 0.8660254037844386j, -0.5 - 0.8660254037844386j]
    for i in range(n):
        for j in range(n):
            z = complex(-1.5 + 3 * j / n, -1.5 + 3 * i / n)
            for _ in range(iters):
                if z == 0:
                    break
                z -= (z**3 - 1) / (3 * z**2)
            for k, r in enumerate(roots):
                if abs(z - r) < 1e-3:
                    out[i, j] = k + 1
    return out


def canny_nms(mag, ang):
    h, w = mag.shape
    out = np.zeros((h, w))
    ang = ang * 180.0 / np.pi
    ang[ang < 0] += 180
    for i in range(1, h - 1):
        for j in range(1, w - 1):
            q = r = 255
            a = ang[i, j]
            if (0 <= a < 22.5) or (157.5 <= a <= 180):
                q, r = mag[i, j + 1], mag[i, j - 1]
            elif 22.5 <= a < 67.5:
                q, r = mag[i + 1, j - 1], mag[i - 1, j + 1]
            elif 67.5 <= a < 112.5:
                q, r = mag[i + 1, j], mag[i - 1, j]
            elif 112.5 <= a < 157.5:
                q, r = mag[i - 1, j - 1], mag[i + 1, j + 1]
            if mag[i, j] >= q and mag[i, j] >= r:
                out[i, j] = mag[i, j]
    return out
