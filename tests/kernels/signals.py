"""Transforms, filters, images, neural layers."""

import cmath
import math

import numpy as np


def dft(x):
    n = len(x)
    out = np.zeros(n, dtype=np.complex128)
    for k in range(n):
        for t in range(n):
            out[k] += x[t] * cmath.exp(-2j * cmath.pi * k * t / n)
    return out


def dft_of_matrix(x):
    n = x.shape[0]
    i = np.arange(n)
    k = i.reshape((n, 1))
    return np.exp(-2j * np.pi * i * k / n) @ x


def fft_radix_2(x):
    n = x.shape[0]
    bits = int(math.log2(n))
    out = np.empty(n, dtype=np.complex128)
    for i in range(n):
        j = 0
        for b in range(bits):
            if i & (1 << b):
                j |= 1 << (bits - 1 - b)
        out[j] = x[i]
    size = 2
    while size <= n:
        half = size // 2
        for start in range(0, n, size):
            for k in range(half):
                t = cmath.exp(-2j * math.pi * k / size) * out[start + k + half]
                u = out[start + k]
                out[start + k] = u + t
                out[start + k + half] = u - t
        size *= 2
    return out


def mgrid(xn, yn):
    grid_x = np.empty((xn, yn), dtype=np.uint32)
    grid_y = np.empty((xn, yn), dtype=np.uint32)
    for i in range(xn):
        grid_x[i, :] = i
    for j in range(yn):
        grid_y[:, j] = j
    return grid_x, grid_y


def stockham_fft(n, radix, levels, x, y):
    i_coord, j_coord = mgrid(radix, radix)
    dft_mat = np.empty((radix, radix), dtype=np.complex128)
    dft_mat = np.exp(-2.0j * np.pi * i_coord * j_coord / radix)
    y[:] = x[:]
    ii_coord, jj_coord = mgrid(radix, radix**levels)
    tmp_perm = np.empty_like(y)
    for i in range(levels):
        yv = np.reshape(y, (radix**i, radix, radix ** (levels - i - 1)))
        tmp_perm = np.transpose(yv, axes=(1, 0, 2))
        d = np.empty_like(y)
        tmp = np.exp(
            -2.0j * np.pi * ii_coord[:, : radix**i] * jj_coord[:, : radix**i] / radix ** (i + 1)
        )
        d = np.repeat(np.reshape(tmp, (radix, radix**i, 1)), radix ** (levels - i - 1), axis=2)
        tmp_twid = np.reshape(tmp_perm, (n,)) * np.reshape(d, (n,))
        y[:] = np.reshape(dft_mat @ np.reshape(tmp_twid, (radix, radix ** (levels - 1))), (n,))


def fir_filter(x, taps):
    out = np.zeros_like(x)
    for i in range(len(x)):
        for k in range(len(taps)):
            if i - k >= 0:
                out[i] += taps[k] * x[i - k]
    return out


def iir_biquad(x, b, a):
    y = np.zeros(x.shape)
    z1 = z2 = 0.0
    for i, value in enumerate(x):
        y[i] = b[0] * value + z1
        z1 = b[1] * value - a[1] * y[i] + z2
        z2 = b[2] * value - a[2] * y[i]
    return y


def autocorrelation(x, lags):
    n = len(x)
    centred = x - x.mean()
    variance = np.sum(centred**2)
    out = np.empty(lags)
    for lag in range(lags):
        out[lag] = np.sum(centred[: n - lag] * centred[lag:]) / variance
    return out


def moving_average(x, window):
    out = np.full(len(x), np.nan)
    total = 0.0
    for i in range(len(x)):
        total += x[i]
        if i >= window:
            total -= x[i - window]
        if i >= window - 1:
            out[i] = total / window
    return out


def median_filter(image, radius):
    out = image.copy()
    for i in range(radius, image.shape[0] - radius):
        for j in range(radius, image.shape[1] - radius):
            window = image[i - radius : i + radius + 1, j - radius : j + radius + 1]
            out[i, j] = np.median(window)
    return out


def sobel(image):
    gx = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    gy = gx.T
    rows, cols = image.shape
    out = np.zeros((rows - 2, cols - 2))
    for i in range(rows - 2):
        for j in range(cols - 2):
            part = image[i : i + 3, j : j + 3]
            out[i, j] = np.sqrt(np.sum(part * gx) ** 2 + np.sum(part * gy) ** 2)
    return out


def haar_wavelet(x):
    out = x.copy()
    n = len(x)
    while n > 1:
        half = n // 2
        even, odd = out[:n:2].copy(), out[1:n:2].copy()
        out[:half] = (even + odd) / math.sqrt(2)
        out[half:n] = (even - odd) / math.sqrt(2)
        n = half
    return out


def goertzel(x, bin_number):
    omega = 2.0 * np.pi * bin_number / x.size
    coefficient = 2.0 * np.cos(omega)
    s1, s2 = 0.0, 0.0
    for sample in x:
        s0 = sample + coefficient * s1 - s2
        s2 = s1
        s1 = s0
    return s1**2 + s2**2 - coefficient * s1 * s2


def relu(x):
    return np.maximum(x, 0)


def softmax(x):
    tmp_max = np.max(x, axis=-1, keepdims=True)
    tmp_out = np.exp(x - tmp_max)
    tmp_sum = np.sum(tmp_out, axis=-1, keepdims=True)
    return tmp_out / tmp_sum


def mlp(x, w1, b1, w2, b2, w3, b3):
    x = relu(x @ w1 + b1)
    x = relu(x @ w2 + b2)
    return softmax(x @ w3 + b3)


def conv2d(image, weights):
    k = weights.shape[0]
    n = image.shape[0]
    h_out = image.shape[1] - k + 1
    w_out = image.shape[2] - k + 1
    c_out = weights.shape[3]
    output = np.empty((n, h_out, w_out, c_out), dtype=np.float32)
    for i in range(h_out):
        for j in range(w_out):
            output[:, i, j, :] = np.sum(
                image[:, i : i + k, j : j + k, :, np.newaxis] * weights[np.newaxis, :, :, :],
                axis=(1, 2, 3),
            )
    return output


def conv2d_bias(image, weights, bias):
    return conv2d(image, weights) + bias


def maxpool2d(x):
    output = np.empty([x.shape[0], x.shape[1] // 2, x.shape[2] // 2, x.shape[3]], dtype=x.dtype)
    for i in range(x.shape[1] // 2):
        for j in range(x.shape[2] // 2):
            output[:, i, j, :] = np.max(x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, :], axis=(1, 2))
    return output


def batchnorm2d(x, eps=1e-5):
    mean = np.mean(x, axis=0, keepdims=True)
    std = np.std(x, axis=0, keepdims=True)
    return (x - mean) / np.sqrt(std + eps)


def resnet_block(image, conv1, conv2, conv3):
    padded = np.zeros(
        (image.shape[0], image.shape[1] + 2, image.shape[2] + 2, conv1.shape[3]), dtype=np.float32
    )
    padded[:, 1:-1, 1:-1, :] = conv2d(image, conv1)
    x = batchnorm2d(padded)
    x = relu(x)
    x = conv2d(x, conv2)
    x = batchnorm2d(x)
    x = relu(x)
    x = conv2d(x, conv3)
    x = batchnorm2d(x)
    return relu(x + image)


def lenet_dense(x, w, b):
    x = np.reshape(x, (x.shape[0], x.shape[1] * x.shape[2] * x.shape[3]))
    return relu(x @ w + b)


def lfilter(b, a, x):
    n = max(len(a), len(b))
    bb = np.zeros(n)
    aa = np.zeros(n)
    bb[: len(b)] = b
    aa[: len(a)] = a
    bb /= a[0]
    aa = aa / a[0]
    z = np.zeros(n)
    y = np.empty_like(x)
    for i in range(x.size):
        y[i] = bb[0] * x[i] + z[0]
        for j in range(1, n):
            z[j - 1] = bb[j] * x[i] + z[j] - aa[j] * y[i]
    return y


def fft_recursive(x):
    N = x.shape[0]
    if N <= 1:
        return x
    even = fft_recursive(x[0::2])
    odd = fft_recursive(x[1::2])
    T = np.exp(-2j * np.pi * np.arange(N // 2) / N) * odd
    return np.concatenate((even + T, even - T))


def kalman(zs, F, H, Q, R, x, P):
    n = len(zs)
    out = np.zeros((n, x.shape[0]))
    I = np.eye(x.shape[0])
    for t in range(n):
        x = F @ x
        P = F @ P @ F.T + Q
        y = zs[t] - H @ x
        S = H @ P @ H.T + R
        K = P @ H.T @ np.linalg.inv(S)
        x = x + K @ y
        P = (I - K @ H) @ P
        out[t] = x
    return out, P


def savgol(y, window, order):
    half = window // 2
    A = np.zeros((window, order + 1))
    for i in range(window):
        for j in range(order + 1):
            A[i, j] = float(i - half) ** j
    c = np.linalg.pinv(A)[0]
    out = y.copy()
    for i in range(half, len(y) - half):
        out[i] = np.dot(c, y[i - half : i + half + 1])
    return out


def lomb(t, y, freqs):
    p = np.empty_like(freqs)
    for i, f in enumerate(freqs):
        w = 2 * np.pi * f
        tau = np.arctan2(np.sum(np.sin(2 * w * t)), np.sum(np.cos(2 * w * t))) / (2 * w)
        c = np.cos(w * (t - tau))
        s = np.sin(w * (t - tau))
        p[i] = 0.5 * ((y @ c) ** 2 / (c @ c) + (y @ s) ** 2 / (s @ s))
    return p


def stft(x, n, hop, win):
    frames = 1 + (len(x) - n) // hop
    out = np.zeros((n // 2 + 1, frames), dtype=np.complex128)
    W = np.exp(-2j * np.pi * np.outer(np.arange(n // 2 + 1), np.arange(n)) / n)
    for f in range(frames):
        seg = x[f * hop : f * hop + n] * win
        out[:, f] = W @ seg.astype(np.complex128)
    return out
