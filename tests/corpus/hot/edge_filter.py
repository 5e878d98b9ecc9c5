import numpy as np


def test_card(height, width):
    y, x = np.mgrid[:height, :width]
    return np.sin(x / 9.0) * np.cos(y / 13.0) + (x > width // 2)


def sobel(image):
    height, width = image.shape
    out = np.zeros_like(image)
    for i in range(1, height - 1):
        for j in range(1, width - 1):
            gx = image[i - 1, j + 1] + 2 * image[i, j + 1] + image[i + 1, j + 1]
            gx -= image[i - 1, j - 1] + 2 * image[i, j - 1] + image[i + 1, j - 1]
            gy = image[i + 1, j - 1] + 2 * image[i + 1, j] + image[i + 1, j + 1]
            gy -= image[i - 1, j - 1] + 2 * image[i - 1, j] + image[i - 1, j + 1]
            out[i, j] = (gx * gx + gy * gy) ** 0.5
    return out


edges = sobel(test_card(400, 420))
print(edges.shape, round(float(edges.sum()), 5))
