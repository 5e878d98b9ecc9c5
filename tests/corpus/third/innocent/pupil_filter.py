import numpy as np


def pupil(n, radius):
    f = np.fft.fftfreq(n)
    fy, fx = np.meshgrid(f, f, indexing="ij")
    return (np.hypot(fy, fx) < radius).astype(float)


def inpaint(image, known, support, rounds):
    g = image * known
    for _ in range(rounds):
        smooth = np.fft.ifft2(np.fft.fft2(g) * support).real
        g = np.where(known, image, smooth)
    return g


n = 512
rng = np.random.default_rng(30)
y, x = np.mgrid[0:n, 0:n]
scene = np.sin(x / 17.0) + np.cos(y / 29.0) + 0.02 * rng.standard_normal((n, n))
g = inpaint(scene, rng.random((n, n)) > 0.3, pupil(n, 0.12), 60)
print(f"{np.abs(g - scene).mean():.5f} {np.abs(g).sum():.3f}")
